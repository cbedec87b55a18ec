package org.thalweg.bench.gpu;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The page of results: each table with what was measured, and with what is owed. */
final class GpuPage {
  private static final String OWED = "*owed*";

  private final Measurements rows;
  private final StringBuilder text = new StringBuilder();

  GpuPage(Measurements rows) {
    this.rows = rows;
  }

  String text() {
    line("# The GPU engine");
    line("");
    List<String> cards = rows.cards();
    line(
        cards.isEmpty()
            ? "No GPU could be reached yet: every figure that needs one is *owed*. What stands below"
                + " without being marked so was measured on the way of a device, simulated on the"
                + " processor: the numbers of operations, of copies and of waits do not depend on"
                + " where it runs."
            : "Measured on: " + String.join("; ", cards) + ".");
    line("");
    line(
        "Made by `bench/gpu`; [bench/README.md](../../bench/README.md) says how. Rows of"
            + " `bench/results/gpu.csv`; times are medians ± half the distance of the quartiles.");
    launches();
    splines();
    agreement();
    times();
    text.append(OperationsSection.beside(rows.file()).text());
    text.append(new PeersSection(PeerRows.beside(rows.file())).text());
    precision();
    fused();
    mixed();
    memory();
    growth();
    auto();
    others();
    return text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void title(String title, String below) {
    line("");
    line("## " + title);
    line("");
    line(below);
    line("");
  }

  private Optional<Measurements.Row> either(
      String table, String work, String engine, String quantity) {
    return rows.find(false, table, work, engine, quantity)
        .or(() -> rows.find(true, table, work, engine, quantity));
  }

  private static String whole(Optional<Measurements.Row> row) {
    return row.map(r -> String.format(Locale.ROOT, "%.0f", Double.parseDouble(r.value())))
        .orElse(OWED);
  }

  private static String value(Optional<Measurements.Row> row) {
    return row.map(
            r ->
                Double.isNaN(r.spread())
                    ? r.value()
                    : String.format(Locale.ROOT, "%s ± %.2g", r.value(), r.spread()))
        .orElse(OWED);
  }

  private void launches() {
    title(
        "Operations and waits in a step",
        "Batch 512, 6 columns, default sizes. By libtorch's profiler: operations that compute and"
            + " contain no other that does, at least one kernel each. *Uploads*: arrays made of"
            + " numbers of the host. Batches are sent through page-locked memory, where libtorch does not refuse it,"
            + " and the host does not wait (on the card: "
            + value(rows.find(false, "launches", "batches", "gpu", "way"))
            + "); a number in a formula would be copied by DJL, and waited for.");
    line(
        "| estimator | on the device | uploads a step | read-backs a step | on the processor's way |");
    line("| --- | ---: | ---: | ---: | ---: |");
    for (String e : GpuBench.TRAINED) {
      line(
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  e,
                  whole(either("launches", e, "gpu", "operations")),
                  whole(either("launches", e, "gpu", "uploads")),
                  whole(either("launches", e, "gpu", "read-backs")),
                  whole(either("launches", e, "cpu", "operations"))));
    }
  }

  private void splines() {
    title(
        "The rational-quadratic spline of one layer, forward and back",
        "8 bins, 6 columns: the script that a device runs in two calls, beside the same of tensor"
            + " operations, in turn. Times without a GPU are of one thread of the processor.");
    line("| rows | script: operations | ms | composed: operations | ms | ms on a GPU, both |");
    line("| ---: | ---: | ---: | ---: | ---: | --- |");
    for (int batch : GpuBench.SPLINES) {
      String work = "spline " + batch;
      line(
          "| %d | %s | %s | %s | %s | %s, %s |"
              .formatted(
                  batch,
                  whole(either("spline", work, "gpu", "script operations")),
                  value(rows.find(true, "spline", work, "gpu", "script ms")),
                  whole(either("spline", work, "gpu", "composed operations")),
                  value(rows.find(true, "spline", work, "gpu", "composed ms")),
                  value(rows.find(false, "spline", work, "gpu", "script ms")),
                  value(rows.find(false, "spline", work, "gpu", "composed ms"))));
    }
  }

  private void agreement() {
    title(
        "The same numbers",
        "The largest difference of "
            + GpuBench.COMPARED
            + " log-densities, in nats: between models that took the same 20 steps on each engine,"
            + " and between a model on the engine that trained it and loaded on the processor. In"
            + " brackets: simulated. `snpe-c` takes 20 steps in each of two rounds.");
    line("| estimator | after 20 steps | loaded on `cpu` |");
    line("| --- | ---: | ---: |");
    for (String e : GpuBench.TRAINED) {
      line(
          "| `%s` | %s | %s |"
              .formatted(
                  e,
                  both("agreement", e, "after training"),
                  both("agreement", e, "loaded on cpu")));
    }
  }

  private String both(String table, String estimator, String quantity) {
    String simulated =
        rows.find(true, table, estimator, "gpu", quantity)
            .map(row -> " (" + row.value() + ")")
            .orElse("");
    return value(rows.find(false, table, estimator, "gpu", quantity)) + simulated;
  }

  private void times() {
    title(
        "Times",
        "Milliseconds for a step of training and for scoring a batch; 6 columns, default sizes, the"
            + " processor on one thread in the same run. `snpe-c`: steps of the second round's atomic"
            + " loss, ten atoms a row.");
    line(
        "| estimator | batch | step, gpu | step, cpu | score, gpu | score, cpu | most MB | use, % |");
    line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (String e : GpuBench.TRAINED) {
      for (int batch : GpuBench.BATCHES) {
        String work = e + " " + batch;
        line(
            "| `%s` | %d | %s | %s | %s | %s | %s | %s |"
                .formatted(
                    e,
                    batch,
                    time(work, "gpu", "step"),
                    time(work, "cpu", "step"),
                    time(work, "gpu", "score"),
                    time(work, "cpu", "score"),
                    time(work, "gpu", "MB"),
                    time(work, "gpu", "use")));
      }
    }
  }

  private String time(String work, String engine, String quantity) {
    return value(rows.find(false, "times", work, engine, quantity));
  }

  private void precision() {
    title(
        "Coarser matrix products",
        "Milliseconds a step with `--precision`, 6 columns, default sizes; `tf32` by a run of its"
            + " own, `gpu --tf32`. Operations at batch 512: rounding to bfloat16 is three or four more for"
            + " each product.");
    line("| estimator | batch | float32 | tf32 | bfloat16 | operations, float32 | bfloat16 |");
    line("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (String e : GpuBench.COARSE) {
      for (int batch : GpuBench.BATCHES) {
        String work = e + " " + batch;
        boolean first = batch == GpuBench.BATCHES.get(0);
        line(
            "| `%s` | %d | %s | %s | %s | %s | %s |"
                .formatted(
                    e,
                    batch,
                    time(work, "gpu", "step"),
                    value(rows.find(false, "precision", work, "gpu", "tf32 step")),
                    value(rows.find(false, "precision", work, "gpu", "bfloat16 step")),
                    first ? whole(either("launches", e, "gpu", "operations")) : "",
                    first ? whole(either("precision", e, "gpu", "bfloat16 operations")) : ""));
      }
    }
  }

  private void fused() {
    title(
        "Compiled scripts",
        "Milliseconds a step where libtorch compiles scripts, `gpu --fused`: chains of elementwise"
            + " operations become one kernel each. They run as written unless it wins: compiled, the"
            + " first calls of a process have other last digits than the later ones. *Difference*:"
            + " of 128 log-densities, in nats, to a model that took the same 20 steps on the"
            + " processor; in brackets with the same optimiser on the processor, which fuses"
            + " nothing there.");
    line("| estimator | batch | as written | compiled | difference |");
    line("| --- | ---: | ---: | ---: | ---: |");
    for (String e : GpuBench.TRAINED) {
      for (int batch : GpuBench.BATCHES) {
        String work = e + " " + batch;
        line(
            "| `%s` | %d | %s | %s | %s |"
                .formatted(
                    e,
                    batch,
                    time(work, "gpu", "step"),
                    value(rows.find(false, "fused", work, "gpu", "step")),
                    batch == GpuBench.BATCHES.get(0) ? both("fused", e, "after training") : ""));
      }
    }
  }

  private void mixed() {
    title(
        "Both engines in one JVM",
        "Milliseconds to score 4096 rows with `nsf-coupling` on the processor, alone and while the"
            + " GPU trains another. That both give the numbers that they give alone is a test,"
            + " `DeviceTrainingTest`, on the simulated device.");
    line("| alone | while the GPU trains |");
    line("| ---: | ---: |");
    line(
        "| %s | %s |"
            .formatted(
                value(rows.find(false, "mixed", "score", "cpu", "alone")),
                value(rows.find(false, "mixed", "score", "cpu", "while gpu trains"))));
  }

  private void memory() {
    title(
        "Memory",
        "Batches, and widths of nets, are doubled until a step is refused; models also where their"
            + " file would be too large.");
    line("| | |");
    line("| --- | ---: |");
    line(
        "| largest batch of `nsf-ar` that fits | "
            + value(rows.find(false, "largest", "nsf-ar", "gpu", "batch"))
            + " |");
    line(
        "| said one step beyond | "
            + value(rows.find(false, "largest", "nsf-ar", "gpu", "refusal"))
            + " |");
    line(
        "| widest nets of `nsf-ar` that fit, batch 512: units | "
            + value(rows.find(false, "widest", "nsf-ar", "gpu", "units"))
            + " |");
    line(
        "| said one step beyond | "
            + value(rows.find(false, "widest", "nsf-ar", "gpu", "refusal"))
            + " |");
    for (String steps : List.of("20 steps", "200 steps")) {
      line(
          "| most MB in %s of `nsf-coupling`, batch 4096 | %s |"
              .formatted(
                  steps, value(rows.find(false, "memory", "nsf-coupling 4096", "gpu", steps))));
    }
  }

  /** What a row more takes of the card. */
  private void growth() {
    line("");
    line("Kilobytes a row in a step, from the most MB of batches 4096 and 65536:");
    line("");
    line("| estimator | KB a row |");
    line("| --- | ---: |");
    for (String e : GpuBench.TRAINED) {
      var small = rows.find(false, "times", e + " 4096", "gpu", "MB");
      var large = rows.find(false, "times", e + " 65536", "gpu", "MB");
      String each =
          small.isEmpty() || large.isEmpty()
              ? OWED
              : String.format(
                  Locale.ROOT, "%.1f", 1024 * (number(large) - number(small)) / (65536 - 4096));
      line("| `%s` | %s |".formatted(e, each));
    }
  }

  private void auto() {
    title(
        "`--engine auto`",
        "Milliseconds a step: in the measurement of three seconds by which it chooses, and in one of"
            + " its own. *Right*: what it chooses takes at most 10 % longer than the better one.");
    line("| estimator | batch | cpu, short | gpu, short | cpu | gpu | right |");
    line("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    for (String e : GpuBench.ESTIMATORS) {
      for (int batch : Choices.SHAPES) {
        String work = e + " " + batch;
        var cpuShort = rows.find(false, "auto", work, "cpu", "short");
        var gpuShort = rows.find(false, "auto", work, "gpu", "short");
        var cpu = rows.find(false, "auto", work, "cpu", "long");
        var gpu = rows.find(false, "auto", work, "gpu", "long");
        line(
            "| `%s` | %d | %s | %s | %s | %s | %s |"
                .formatted(
                    e,
                    batch,
                    value(cpuShort),
                    value(gpuShort),
                    value(cpu),
                    value(gpu),
                    right(cpuShort, gpuShort, cpu, gpu)));
      }
    }
  }

  private static String right(
      Optional<Measurements.Row> cpuShort,
      Optional<Measurements.Row> gpuShort,
      Optional<Measurements.Row> cpu,
      Optional<Measurements.Row> gpu) {
    if (Stream.of(cpuShort, gpuShort, cpu, gpu).anyMatch(Optional::isEmpty)) {
      return OWED;
    }
    boolean picksGpu = number(gpuShort) < number(cpuShort);
    double picked = picksGpu ? number(gpu) : number(cpu);
    return picked <= 1.1 * Math.min(number(cpu), number(gpu)) ? "yes" : "no";
  }

  private static double number(Optional<Measurements.Row> row) {
    return Double.parseDouble(row.orElseThrow().value());
  }

  private void others() {
    title("Owed besides", "What no run on a processor can show, or what is not built:");
    for (String each :
        List.of(
            "`EngineContract` and the contracts of estimators and methods on a GPU. On the simulated"
                + " device the contracts of engines, univariates, transforms, estimators and methods are"
                + " green (`it-tests/tck`, the last two under `-Pacceptance`).",
            "What page-locked memory wins, through which numbers are sent; without a GPU only that"
                + " they come as they are, and another way where it is refused, is tested (`UploadTest`)."
                + " What flows are sent in a step is the numbers of its rows, 8 bytes each. Rows that are"
                + " dequantised, noised or drawn anew in each step are made on the host.",
            "Several GPUs for one fit, `--devices 0,1`: on simulated devices the steps are those of as"
                + " many threads (`StepsOnDeviceTest`); what they win is not known. Scoring uses the"
                + " first.",
            "The download of CUDA natives by DJL, and a libtorch of another CUDA version than the"
                + " bindings' 12.8.")) {
      line("- " + each);
    }
  }
}
