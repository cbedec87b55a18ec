package org.thalweg.bench.gpu;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.App;
import org.thalweg.app.console.Interruption;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.model.ModelFile;

/**
 * Measures everything within a time, the most important first, and writes the page. What the time
 * does not suffice for stays owed.
 *
 * <pre>
 * GpuBench [--seconds 460] [--simulate] [--batches 512,4096,65536] [--each SECONDS]
 *          [--csv FILE] [--page FILE] [--only-page]
 * </pre>
 */
public final class GpuBench {
  static final String SIMULATED = "simulated";
  static final List<String> ESTIMATORS =
      List.of("maf", "nsf-ar", "nsf-coupling", "aem", "diffusion");
  static final List<Integer> BATCHES = List.of(512, 4096, 65536);
  static final int COLUMNS = 6;

  /** Seconds that the last measurement may take beyond the time. */
  private static final double GRACE = 25;

  static final List<Integer> SPLINES = List.of(512, 4096);
  static final List<Integer> SHAPES = List.of(64, 512, 4096, 16384);

  private final Registry registry = Installed.registry();
  private final long end;
  private final String card;
  private final List<Integer> batches;
  private final Clock clock;
  private final Measurements rows;

  private GpuBench(
      double seconds, String card, List<Integer> batches, double each, Measurements rows) {
    this.end = System.nanoTime() + (long) (seconds * 1e9);
    this.card = card;
    this.batches = batches;
    this.clock = new Clock(registry, each);
    this.rows = rows;
  }

  /** Runs; see the class. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments);
    boolean simulated = words.contains("--simulate");
    Path csv = Path.of(word(words, "--csv", "bench/results/gpu.csv"));
    Path page = Path.of(word(words, "--page", "docs/results/gpu.md"));
    Measurements rows = new Measurements(csv);
    if (!words.contains("--only-page")) {
      if (simulated) {
        System.setProperty("thalweg.gpu.simulated", "true");
      }
      List<Integer> batches =
          Arrays.stream(word(words, "--batches", "512,4096,65536").split(","))
              .map(Integer::valueOf)
              .toList();
      double seconds = Double.parseDouble(word(words, "--seconds", "440"));
      double each = Double.parseDouble(word(words, "--each", "1.5"));
      String card = simulated ? SIMULATED : Gauge.card().orElse("GPU").replace(',', ';');
      endAfter(seconds + GRACE, page, rows);
      new GpuBench(seconds, card, batches, each, rows).run();
    }
    end(page, rows);
  }

  /** Also where a measurement does not come back. */
  private static void endAfter(double seconds, Path page, Measurements rows) {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep((long) (seconds * 1e3));
                end(page, rows);
              } catch (InterruptedException | IOException e) {
                e.printStackTrace();
              }
            },
            "deadline");
    watch.setDaemon(true);
    watch.start();
  }

  private static synchronized void end(Path page, Measurements rows) throws IOException {
    Files.writeString(page, new GpuPage(rows).text());
    // Not exit: what is under way does not hear of it.
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static String word(List<String> words, String name, String usual) {
    int at = words.indexOf(name);
    return at < 0 ? usual : words.get(at + 1);
  }

  private boolean over() {
    return System.nanoTime() > end;
  }

  private void run() throws IOException {
    try (Engine cpu = Engines.open("cpu", EngineOptions.threads(1));
        Engine gpu = Engines.open("gpu", EngineOptions.threads(1))) {
      System.out.println(gpu.describe());
      for (int batch : SPLINES) {
        part("spline " + batch, () -> spline(gpu, batch));
      }
      for (String estimator : ESTIMATORS) {
        part("launches " + estimator, () -> launches(estimator, cpu, gpu));
        part("agreement " + estimator, () -> agreement(estimator, cpu, gpu));
      }
      for (int batch : batches) {
        for (String estimator : ESTIMATORS) {
          Work work = new Work(estimator, COLUMNS, batch);
          part("times " + work, () -> times(work, gpu));
          part("times " + work, () -> times(work, cpu));
        }
      }
      part("mixed", () -> mixed(cpu, gpu));
      part("largest", () -> largest(gpu));
      part("memory", () -> growth(gpu));
      part("auto", this::auto);
    }
  }

  private interface Part {
    void run() throws IOException;
  }

  /** One that fails does not take the others with it. */
  private void part(String name, Part part) {
    if (over()) {
      System.out.println("owed, the time is over: " + name);
      return;
    }
    try {
      part.run();
    } catch (IOException | RuntimeException failure) {
      System.out.println("failed: " + name);
      failure.printStackTrace(System.out);
    }
  }

  private void add(String table, String work, String engine, String quantity, double value) {
    add(table, work, engine, quantity, number(value), Double.NaN, 1);
  }

  private void add(
      String table,
      String work,
      String engine,
      String quantity,
      String value,
      double spread,
      int count) {
    rows.add(new Measurements.Row(card, table, work, engine, quantity, value, spread, count));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }

  private void spline(Engine gpu, int batch) throws IOException {
    SplineForms forms = new SplineForms(gpu, registry, batch, COLUMNS);
    double[][] times = forms.times();
    for (SplineForms.Form form : SplineForms.Form.values()) {
      String name = form.name().toLowerCase(Locale.ROOT);
      double[] time = times[form.ordinal()];
      String work = "spline " + batch;
      add("spline", work, "gpu", name + " operations", Launches.of(gpu, () -> forms.run(form)));
      add("spline", work, "gpu", name + " ms", number(time[0]), time[1], 40);
    }
  }

  private void launches(String estimator, Engine cpu, Engine gpu) {
    Work work = new Work(estimator, COLUMNS, 512);
    for (Engine engine : List.of(gpu, cpu)) {
      int operations = Launches.ofStep(engine, registry, work);
      add("launches", estimator, engine.name(), "operations", operations);
    }
    Clock.Time step = clock.step(gpu, work);
    step.readBacks().ifPresent(n -> add("launches", estimator, gpu.name(), "read-backs", n));
    step.uploads().ifPresent(n -> add("launches", estimator, gpu.name(), "uploads", n));
  }

  private void agreement(String estimator, Engine cpu, Engine gpu) throws IOException {
    Work work = new Work(estimator, COLUMNS, 512);
    var test = work.rows();
    try (Model ofCpu = work.fit(cpu, registry, 20, FitListener.SILENT);
        Model ofGpu = work.fit(gpu, registry, 20, FitListener.SILENT)) {
      double[] scores = Work.score(ofGpu, test);
      add("agreement", estimator, "gpu", "after training", most(Work.score(ofCpu, test), scores));
      Path file = Files.createTempDirectory("thalweg").resolve("m.thalweg");
      try {
        ModelFile.save(file, ofGpu, registry, Map.of());
        try (Model moved = ModelFile.load(file, new EstimatorContext(cpu, registry)).model()) {
          add(
              "agreement",
              estimator,
              "gpu",
              "loaded on cpu",
              most(Work.score(moved, test), scores));
        }
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }

  private static double most(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private void times(Work work, Engine engine) {
    String name = work.estimator() + " " + work.batch();
    try (Gauge gauge = Gauge.start()) {
      Clock.Time step = clock.step(engine, work);
      add("times", name, engine.name(), "step", number(step.median()), step.spread(), step.count());
      if (engine.name().equals("gpu")) {
        gauge.megabytes().ifPresent(mb -> add("times", name, "gpu", "MB", mb));
        gauge.use().ifPresent(use -> add("times", name, "gpu", "use", use));
      }
    }
    Clock.Time score = clock.score(engine, work);
    add(
        "times",
        name,
        engine.name(),
        "score",
        number(score.median()),
        score.spread(),
        score.count());
  }

  /** Rows a second on the processor, alone and while the GPU trains. */
  private void mixed(Engine cpu, Engine gpu) {
    Work work = new Work("nsf-coupling", COLUMNS, 4096);
    Clock.Time alone = clock.score(cpu, work);
    add("mixed", "score", "cpu", "alone", number(alone.median()), alone.spread(), alone.count());
    AtomicBoolean stop = new AtomicBoolean();
    Thread training =
        new Thread(
            () -> {
              try {
                work.endless(
                    gpu,
                    registry,
                    new FitListener() {
                      @Override
                      public void on(org.thalweg.api.estimator.FitEvent event) {}

                      @Override
                      public boolean interrupted() {
                        return stop.get();
                      }
                    });
              } catch (org.thalweg.api.error.ThalwegException interrupted) {
                // As it was asked to.
              }
            });
    training.start();
    Clock.Time together = clock.score(cpu, work);
    stop.set(true);
    try {
      training.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    add(
        "mixed",
        "score",
        "cpu",
        "while gpu trains",
        number(together.median()),
        together.spread(),
        together.count());
  }

  /** Batches are doubled until one does not fit. */
  private void largest(Engine gpu) {
    if (card.equals(SIMULATED)) {
      return;
    }
    for (int batch = 1 << 17; !over(); batch *= 2) {
      Work work = new Work("nsf-ar", COLUMNS, batch);
      try {
        work.fit(gpu, registry, 2, FitListener.SILENT).close();
        add("largest", "nsf-ar", "gpu", "batch", batch);
      } catch (org.thalweg.api.error.ThalwegException refusal) {
        add("largest", "nsf-ar", "gpu", "refusal", refusal.getMessage(), Double.NaN, 1);
        return;
      }
    }
  }

  /** Memory while a fit goes on: after some steps and after ten times as many. */
  private void growth(Engine gpu) {
    for (int steps : new int[] {20, 200}) {
      try (Gauge gauge = Gauge.start()) {
        new Work("nsf-coupling", COLUMNS, 4096)
            .fit(gpu, registry, steps, FitListener.SILENT)
            .close();
        gauge
            .megabytes()
            .ifPresent(mb -> add("memory", "nsf-coupling 4096", "gpu", steps + " steps", mb));
      }
    }
  }

  /** What {@code bench-engines}, and with it auto, picks, beside a longer measurement. */
  private void auto() throws IOException {
    Path data = Files.createTempFile("thalweg", ".csv");
    try {
      List<String> lines = new ArrayList<>(List.of("a,b,c,d,e,f"));
      var some = new Work("maf", COLUMNS, 20_000).rows();
      for (int i = 0; i < some.size(); i++) {
        List<String> cells = new ArrayList<>();
        for (int j = 0; j < COLUMNS; j++) {
          cells.add(String.valueOf(some.features().get(i, j)));
        }
        lines.add(String.join(",", cells));
      }
      Files.write(data, lines);
      for (String estimator : ESTIMATORS) {
        for (int batch : SHAPES) {
          part("auto " + estimator + " " + batch, () -> auto(data, estimator, batch));
        }
      }
    } finally {
      Files.delete(data);
    }
  }

  private void auto(Path data, String estimator, int batch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        new App(results, System.err, false, new Interruption())
            .run(
                "bench-engines",
                "--json",
                "--threads",
                "1",
                "--estimator",
                estimator,
                "--data",
                data.toString(),
                "--set",
                "batch-size=" + batch);
    if (code != 0) {
      throw new IOException("bench-engines ended with " + code);
    }
    for (var engine :
        new com.fasterxml.jackson.databind.ObjectMapper()
            .readTree(out.toByteArray())
            .path("engines")) {
      add(
          "auto",
          estimator + " " + batch,
          engine.path("engine").asText(),
          "short",
          1000 / engine.path("steps_per_second").asDouble());
    }
  }
}
