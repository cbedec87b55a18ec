package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.CpuClock;
import org.thalweg.bench.Installed;
import org.thalweg.sbi.metric.C2st;

/**
 * {@code SbibmResults RESULTS DOCS THREADS required|all|calibration|page [TASK|METHOD|BUDGET...]}:
 * runs the cells that RESULTS/sbi.csv has no row of, cheapest first, and the calibration ({@code
 * required} and {@code all} without words have it too), and writes DOCS/results/sbi.md from what
 * there is. It can be stopped at any time, and goes on where it was. A cell that fails gets a row
 * that says so, and is run again when that row is removed. Words at the end narrow the cells down;
 * a cell is run if each kind of word that was given has its own among them.
 */
public final class SbibmResults {
  private static final long SEED = 1;
  private static final int DRAWS = 10_000;

  private final Path csv;
  private final int threads;
  private final CalibrationResults calibration;
  private final SbibmFiles files = new SbibmFiles();

  private SbibmResults(Path results, int threads) throws IOException {
    this.csv = results.resolve("sbi.csv");
    this.threads = threads;
    this.calibration = new CalibrationResults(results);
    Files.createDirectories(results);
    if (!Files.exists(csv)) {
      Files.writeString(csv, Run.HEAD + "\n");
    }
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4) {
      System.err.println(
          "SbibmResults RESULTS DOCS THREADS required|all|calibration|page"
              + " [TASK|METHOD|BUDGET...]");
      System.exit(2);
    }
    Path directory = Path.of(arguments[0]);
    int threads = Integer.parseInt(arguments[2]);
    SbibmResults results = new SbibmResults(directory, threads);
    List<String> words = Arrays.asList(arguments).subList(4, arguments.length);
    switch (arguments[3]) {
      case "required" -> results.run(Cell.required(), words);
      case "all" -> results.run(Cell.all(), words);
      case "calibration" -> results.calibrate();
      case "page" -> {}
      default -> throw ThalwegException.usage("Unknown part '%s'.", arguments[3]);
    }
    results.page(Path.of(arguments[1]));
  }

  private void page(Path docs) throws IOException {
    Path results = csv.getParent();
    new SbibmPage(
            files, runs(), calibration.lines(), SettingsTable.of(results), PeersTable.of(results))
        .write(docs);
  }

  private List<Run> runs() throws IOException {
    return Files.readAllLines(csv).stream().skip(1).filter(Run::whole).map(Run::parse).toList();
  }

  /** The required cells before the others; of each, the cheap ones, the calibration, the rest. */
  private void run(List<Cell> cells, List<String> words) throws IOException {
    List<Cell> required = Cell.required();
    List<Cell> ordered = new ArrayList<>(cells);
    ordered.sort(
        Comparator.comparing((Cell cell) -> !required.contains(cell))
            .thenComparingDouble(this::expectedMinutes));
    runEach(ordered.stream().filter(this::cheap).filter(required::contains).toList(), words);
    if (words.isEmpty()) {
      calibrate();
    }
    runEach(ordered, words);
  }

  /** Judged by the published time and how the two-sample test grows with the parameters. */
  private double expectedMinutes(Cell cell) {
    return files.minutes(cell) + 0.02 * cell.parameters() * cell.parameters();
  }

  private boolean cheap(Cell cell) {
    return expectedMinutes(cell) < 5;
  }

  private void runEach(List<Cell> cells, List<String> words) throws IOException {
    List<Cell> done = runs().stream().map(Run::cell).toList();
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads))) {
      Posteriors posteriors = new Posteriors(Installed.registry(), engine);
      for (Cell cell : cells) {
        if (!done.contains(cell) && asked(cell, words)) {
          String line = runOrFail(cell, posteriors).line();
          append(line);
          String published =
              files
                  .published(cell)
                  .map(p -> String.format(Locale.ROOT, "%.4f %.1f min", p.c2st(), p.minutes()))
                  .orElse("none");
          System.out.println(line + " published " + published);
        }
      }
    }
  }

  /** On a line of its own, also after one that was cut off. */
  private void append(String line) throws IOException {
    String before = Files.readString(csv).endsWith("\n") ? "" : "\n";
    Files.writeString(csv, before + line + "\n", StandardOpenOption.APPEND);
  }

  private void calibrate() {
    try {
      calibration.run(threads);
    } catch (IOException | RuntimeException | OutOfMemoryError failure) {
      System.err.println("The calibration failed and is still owed: " + failure);
    }
  }

  /** Whatever goes wrong with a cell, the next one is run. */
  private Run runOrFail(Cell cell, Posteriors posteriors) {
    double begun = System.nanoTime() * 1e-9;
    String options = posteriors.options(cell.method()) + " rounds=" + cell.rounds();
    try {
      return run(cell, posteriors, options);
    } catch (IOException | RuntimeException | OutOfMemoryError failure) {
      failure.printStackTrace();
      double minutes = (System.nanoTime() * 1e-9 - begun) / 60;
      return Run.failed(cell, SEED, threads, minutes, now(), options, failure);
    }
  }

  private static String now() {
    return LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static boolean asked(Cell cell, List<String> words) {
    return narrowed(words, Cell.TASKS, cell.task())
        && narrowed(words, Cell.METHODS, cell.method())
        && narrowed(words, List.of("1000", "10000", "100000"), "" + cell.simulations());
  }

  private static boolean narrowed(List<String> words, List<String> kind, String own) {
    return words.contains(own) || words.stream().noneMatch(kind::contains);
  }

  private Run run(Cell cell, Posteriors posteriors, String options) throws IOException {
    Matrix observation = files.observation(cell);
    Matrix reference = files.reference(cell);
    Seed seed = new Seed(SEED).child(cell.key());
    double clock = System.nanoTime() * 1e-9;
    double processor = CpuClock.seconds();
    try (Posterior posterior = posteriors.infer(cell, observation, seed)) {
      Matrix draws = posterior.sample(DRAWS, seed.child("draws"));
      double minutes = (System.nanoTime() * 1e-9 - clock) / 60;
      double processorMinutes = (CpuClock.seconds() - processor) / 60;
      double begun = System.nanoTime() * 1e-9;
      C2st test = C2st.of(reference, draws, seed.child("test"), threads);
      return new Run(
          cell,
          SEED,
          threads,
          test.accuracy(),
          minutes,
          processorMinutes,
          posterior.diagnostics().figures().getOrDefault("acceptance", Double.NaN),
          posterior.diagnostics().verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          (System.nanoTime() * 1e-9 - begun) / 60,
          now(),
          options,
          "");
    }
  }
}
