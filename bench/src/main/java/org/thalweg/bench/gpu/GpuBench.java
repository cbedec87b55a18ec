package org.thalweg.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.Registry;
import org.thalweg.bench.Installed;
import org.thalweg.bench.gpu.Sitting.Key;

/**
 * Measures everything within a time, the most important first, and writes the page. What the time
 * does not suffice for stays owed, and is what the next run on the same card begins with.
 *
 * <pre>
 * GpuBench [--seconds 440] [--simulate] [--batches 512,4096,65536] [--each SECONDS]
 *          [--again] [--tf32 | --fused] [--csv FILE] [--page FILE] [--only-page]
 * </pre>
 */
public final class GpuBench {
  static final String SIMULATED = "simulated";
  static final List<String> ESTIMATORS =
      List.of("maf", "nsf-ar", "nsf-coupling", "aem", "diffusion");

  /** With the method that is measured beside the estimators. */
  static final List<String> TRAINED =
      Stream.concat(ESTIMATORS.stream(), Stream.of(PosteriorWork.METHOD)).toList();

  /** Those whose nets {@link Precision#BFLOAT16} is about. */
  static final List<String> COARSE =
      List.of("maf", "nsf-ar", "nsf-coupling", "aem", PosteriorWork.METHOD);

  static final List<Integer> BATCHES = List.of(512, 4096, 65536);
  static final List<Integer> SPLINES = List.of(512, 4096);
  static final int COLUMNS = 6;

  /** Rows that engines are compared on: some scores take seconds for a hundred. */
  static final int COMPARED = 128;

  /** Seconds that the last measurement may take beyond the time. */
  private static final double GRACE = 25;

  /** The processor is not asked for what a smaller batch says would take so many milliseconds. */
  private static final double TOO_LONG = 6_000;

  private final Registry registry = Installed.registry();
  private final List<Integer> batches;
  private final Clock clock;
  private final Sitting sitting;

  private GpuBench(List<Integer> batches, double each, Sitting sitting) {
    this.batches = batches;
    this.clock = new Clock(registry, each);
    this.sitting = sitting;
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
      if (words.contains("--fused")) {
        System.setProperty("thalweg.gpu.fused", "true");
      }
      List<Integer> batches =
          Arrays.stream(word(words, "--batches", "512,4096,65536").split(","))
              .map(Integer::valueOf)
              .toList();
      double seconds = Double.parseDouble(word(words, "--seconds", "440"));
      double each = Double.parseDouble(word(words, "--each", "1.5"));
      String card = simulated ? SIMULATED : Gauge.card().orElse("GPU").replace(',', ';');
      endAfter(seconds + GRACE, page, rows);
      Set<Key> done = words.contains("--again") ? Set.of() : rows.keys(card);
      new GpuBench(batches, each, new Sitting(card, seconds, rows, done)).run(words);
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

  private void run(List<String> words) {
    if (words.contains("--tf32")) {
      precision(Precision.TF32);
    } else if (words.contains("--fused")) {
      fused();
    } else {
      all();
    }
  }

  private void all() {
    try (Engine cpu = Engines.open("cpu", EngineOptions.threads(1));
        Engine gpu = Engines.open("gpu", EngineOptions.threads(1))) {
      System.out.println(gpu.describe());
      String batches = gpu.describe().get("batches");
      if (batches != null) {
        sitting.add(new Key("launches", "batches", "gpu", "way"), batches, Double.NaN, 1);
      }
      SPLINES.forEach(rows -> splines(gpu, rows));
      for (String name : TRAINED) {
        launches(name, cpu, gpu);
        agreement("agreement", name, cpu, gpu);
      }
      times(gpu);
      mixed(cpu, gpu);
      precision(Precision.BFLOAT16);
      if (!sitting.simulated()) {
        new Limits(sitting, registry, gpu).measure();
      }
      times(cpu);
      new Choices(sitting, clock, List.of(cpu, gpu)).measure();
    }
  }

  private void splines(Engine gpu, int batch) {
    String work = "spline " + batch;
    sitting.part(
        new Key("spline", work, "gpu", "composed ms"),
        () -> {
          SplineForms forms = new SplineForms(gpu, registry, batch, COLUMNS);
          double[][] times = forms.times();
          for (SplineForms.Form form : SplineForms.Form.values()) {
            String name = form.name().toLowerCase(Locale.ROOT);
            double[] time = times[form.ordinal()];
            sitting.add(
                new Key("spline", work, "gpu", name + " operations"),
                Launches.of(gpu, () -> forms.run(form)));
            sitting.add(
                new Key("spline", work, "gpu", name + " ms"),
                String.format(Locale.ROOT, "%.5g", time[0]),
                time[1],
                SplineForms.PAIRS);
          }
        });
  }

  private void launches(String name, Engine cpu, Engine gpu) {
    sitting.part(
        new Key("launches", name, "gpu", "read-backs"),
        () -> {
          Work work = Work.of(name, COLUMNS, 512);
          for (Engine engine : List.of(gpu, cpu)) {
            int operations = Launches.ofStep(engine, registry, work);
            sitting.add(new Key("launches", name, engine.name(), "operations"), operations);
          }
          Clock.Time step = clock.step(gpu, work);
          step.uploads()
              .ifPresent(n -> sitting.add(new Key("launches", name, "gpu", "uploads"), n));
          step.readBacks()
              .ifPresent(n -> sitting.add(new Key("launches", name, "gpu", "read-backs"), n));
        });
  }

  private void agreement(String table, String name, Engine cpu, Engine gpu) {
    Key last = new Key(table, name, "gpu", "loaded on cpu");
    sitting.part(
        last,
        () -> {
          Work work = Work.of(name, COLUMNS, 512);
          try (Work.Trained ofCpu = work.train(cpu, registry, 20, FitListener.SILENT);
              Work.Trained ofGpu = work.train(gpu, registry, 20, FitListener.SILENT);
              Work.Trained moved = ofGpu.moved(cpu, registry)) {
            double[] scores = ofGpu.score(COMPARED);
            sitting.add(
                new Key(table, name, "gpu", "after training"), most(ofCpu.score(COMPARED), scores));
            sitting.add(last, most(moved.score(COMPARED), scores));
          }
        });
  }

  private static double most(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private void times(Engine engine) {
    for (int batch : batches) {
      for (String name : TRAINED) {
        Work work = Work.of(name, COLUMNS, batch);
        step(engine, work);
        score(engine, work);
      }
    }
  }

  private void step(Engine engine, Work work) {
    Key key = new Key("times", work.name(), engine.name(), "step");
    if (tooLong(key, work)) {
      return;
    }
    sitting.part(
        key,
        () -> {
          engine.trim(); // The card's memory counts what is kept of the work before.
          try (Gauge gauge = Gauge.start()) {
            sitting.add(key, clock.step(engine, work));
            if (engine.name().equals("gpu")) {
              gauge
                  .megabytes()
                  .ifPresent(mb -> sitting.add(new Key("times", work.name(), "gpu", "MB"), mb));
              gauge
                  .use()
                  .ifPresent(use -> sitting.add(new Key("times", work.name(), "gpu", "use"), use));
            }
          }
        });
  }

  private void score(Engine engine, Work work) {
    Key key = new Key("times", work.name(), engine.name(), "score");
    if (!tooLong(key, work)) {
      sitting.part(key, () -> sitting.add(key, clock.score(engine, work)));
    }
  }

  /** Whether the next smaller batch, or the step of a work that is to be scored, forbids it. */
  private boolean tooLong(Key key, Work work) {
    int at = batches.indexOf(work.batch());
    if (at == 0 || !key.engine().equals("cpu")) {
      return false;
    }
    int smaller = batches.get(at - 1);
    Key before =
        new Key(key.table(), work.estimator() + " " + smaller, key.engine(), key.quantity());
    boolean tooLong =
        sitting
            .value(before)
            .map(ms -> Double.parseDouble(ms) * work.batch() / smaller > TOO_LONG)
            .orElse(true);
    if (tooLong) {
      System.out.println("owed, too long for the processor: " + key);
    }
    return tooLong;
  }

  /** Steps with coarser matrix products, of what has nets that they are about. */
  private void precision(Precision precision) {
    var options = new EngineOptions(1, precision, List.of(0));
    String word = precision.name().toLowerCase(Locale.ROOT);
    try (Engine engine = Engines.open("gpu", options)) {
      for (String name : COARSE) {
        Key operations = new Key("precision", name, "gpu", word + " operations");
        sitting.part(
            operations,
            () ->
                sitting.add(
                    operations, Launches.ofStep(engine, registry, Work.of(name, COLUMNS, 512))));
        for (int batch : batches) {
          Work work = Work.of(name, COLUMNS, batch);
          Key step = new Key("precision", work.name(), "gpu", word + " step");
          sitting.part(step, () -> sitting.add(step, clock.step(engine, work)));
        }
      }
    }
  }

  /**
   * Steps whose scripts are compiled, and by how much their numbers differ from the processor's.
   */
  private void fused() {
    try (Engine cpu = Engines.open("cpu", EngineOptions.threads(1));
        Engine gpu = Engines.open("gpu", EngineOptions.threads(1))) {
      for (String name : TRAINED) {
        agreement("fused", name, cpu, gpu);
        for (int batch : batches) {
          Work work = Work.of(name, COLUMNS, batch);
          Key step = new Key("fused", work.name(), "gpu", "step");
          sitting.part(step, () -> sitting.add(step, clock.step(gpu, work)));
        }
      }
    }
  }

  /** Scoring on the processor, alone and while the GPU trains. */
  private void mixed(Engine cpu, Engine gpu) {
    Key last = new Key("mixed", "score", "cpu", "while gpu trains");
    sitting.part(
        last,
        () -> {
          Work work = Work.of("nsf-coupling", COLUMNS, 4096);
          sitting.add(new Key("mixed", "score", "cpu", "alone"), clock.score(cpu, work));
          AtomicBoolean stop = new AtomicBoolean();
          Thread training = new Thread(() -> until(stop, gpu, work), "training");
          training.start();
          Clock.Time together = clock.score(cpu, work);
          stop.set(true);
          try {
            training.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          sitting.add(last, together);
        });
  }

  private void until(AtomicBoolean stop, Engine engine, Work work) {
    FitListener watch =
        new FitListener() {
          @Override
          public void on(FitEvent event) {}

          @Override
          public boolean interrupted() {
            return stop.get();
          }
        };
    try {
      work.train(engine, registry, Clock.ENDLESS, watch).close();
    } catch (ThalwegException interrupted) {
      // As it was asked to.
    }
  }
}
