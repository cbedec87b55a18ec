package org.thalweg.bench.sbi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.thalweg.bench.sbi.SbibmFiles.Published;

/**
 * docs/results/sbi.md, from the rows that there are; what was not run is marked as owed.
 *
 * @param files the published results
 * @param runs ours
 * @param calibration rows of the calibration
 * @param settings methods with other options
 * @param peers beside another package
 */
record SbibmPage(
    SbibmFiles files,
    List<Run> runs,
    List<String> calibration,
    SettingsTable settings,
    PeersTable peers) {
  /** Resampling two or three pairs says nothing of how they scatter. */
  private static final int FEWEST_PAIRS = 8;

  void write(Path docs) throws IOException {
    List<String> out = new ArrayList<>();
    out.add(
        "<!-- Written by org.thalweg.bench.sbi.SbibmResults; text about it is in docs/sbi.md. -->");
    out.add("# Simulation-based inference, measured");
    out.add("");
    out.add(
        "C2ST of 10,000 draws against 10,000 of the reference posterior: 0.5 is best, 1 worst."
            + " *Published* is the mean of Lueckmann et al. (2021) over the same observations: one run"
            + " each, of their own code and seed, on their machines (`results/main_paper.csv` of"
            + " sbibm, and its `gaussian_mixture_rerun.csv`); the two-sample test is sbibm's by"
            + " definition and ours by code. A cell is *owed* until it was run."
            + " Minutes are of inference and draws; processor minutes count no one else on the"
            + " machine. Options are the same for all tasks: the defaults, but a spline flow for npe"
            + " and snpe-c as in the published runs (density=nsf-ar density.hidden=50"
            + " density.blocks=2); ten rounds for sequential methods. Made by `java -cp"
            + " \"bench/target/thalweg-bench-0.1.0.jar:bench/target/lib/*\""
            + " org.thalweg.bench.sbi.SbibmResults bench/results docs 1 required` (then `all`,"
            + " `calibration`); rows with seeds, times and all options are in"
            + " bench/results/sbi.csv.");
    out.add("");
    required(out);
    summary(out);
    for (int simulations : List.of(1000, 10_000, 100_000)) {
      table(out, simulations);
    }
    best(out);
    worst(out);
    out.addAll(peers.lines());
    calibration(out);
    out.addAll(settings.lines());
    Files.createDirectories(docs.resolve("results"));
    Files.write(docs.resolve("results").resolve("sbi.md"), out);
  }

  private Optional<Run> run(Cell cell) {
    return runs.stream().filter(run -> run.succeeded() && run.cell().equals(cell)).findFirst();
  }

  private boolean failed(Cell cell) {
    return runs.stream().anyMatch(run -> !run.succeeded() && run.cell().equals(cell));
  }

  /** How much of the first tier there is, and what failed. */
  private void required(List<String> out) {
    List<Cell> cells = Cell.required();
    long done = cells.stream().filter(cell -> run(cell).isPresent()).count();
    long failures = cells.stream().filter(this::failed).count();
    out.add(
        "Of the %d required cells %d were run, %d failed and %d are owed; the calibration is %s."
            .formatted(
                cells.size(),
                done,
                failures,
                cells.size() - done - failures,
                calibration.isEmpty() ? "owed" : "there"));
    out.add("");
    out.add(
        String.format(
            Locale.ROOT,
            "They took %.0f processor minutes on one thread; their two-sample tests, which are the"
                + " benchmark's and not a user's, %.0f minutes by the clock of a machine that others"
                + " shared.",
            sum(cells, Run::processorMinutes),
            sum(cells, Run::testMinutes)));
    out.add("");
    for (Run run : runs) {
      if (!run.succeeded()) {
        out.add(
            String.format(
                Locale.ROOT,
                "* %s by %s with %d simulations, observation %d, failed: %s",
                run.cell().task(),
                run.cell().method(),
                run.cell().simulations(),
                run.cell().observation(),
                run.failure()));
      }
    }
    if (!runs.stream().allMatch(Run::succeeded)) {
      out.add("");
    }
  }

  private double sum(List<Cell> cells, ToDoubleFunction<Run> of) {
    return cells.stream().flatMap(cell -> run(cell).stream()).mapToDouble(of).sum();
  }

  private List<Run> matching(Predicate<Cell> which) {
    return runs.stream()
        .filter(run -> run.succeeded() && which.test(run.cell()))
        .filter(run -> files.published(run.cell()).isPresent())
        .toList();
  }

  private double difference(Run run) {
    return run.c2st() - files.published(run.cell()).orElseThrow().c2st();
  }

  private void summary(List<String> out) {
    out.add("## Against the published values, paired by observation");
    out.add("");
    out.add("| method | cells run | of | C2ST, ours less published | bootstrap 95 % |");
    out.add("| --- | ---: | ---: | ---: | --- |");
    for (String method : Cell.METHODS) {
      out.add(summary(method, cell -> cell.method().equals(method)));
    }
    out.add(summary("all", cell -> true));
    out.add("");
  }

  private String summary(String name, Predicate<Cell> which) {
    List<Run> some = matching(which);
    long planned = Cell.all().stream().filter(which).count();
    if (some.isEmpty()) {
      return "| %s | 0 | %d | owed | |".formatted(name, planned);
    }
    Paired paired = Paired.of(some.stream().mapToDouble(this::difference).toArray());
    String interval =
        paired.count() < FEWEST_PAIRS
            ? "none of fewer than " + FEWEST_PAIRS
            : String.format(Locale.ROOT, "%+.4f to %+.4f", paired.low(), paired.high());
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %+.4f | %s |",
        name,
        paired.count(),
        planned,
        paired.mean(),
        interval);
  }

  private void table(List<String> out, int simulations) {
    List<Cell> cells =
        Cell.all().stream().filter(cell -> cell.simulations() == simulations).toList();
    out.add("## " + simulations + " simulations");
    out.add("");
    out.add(
        "| task | method | observations | C2ST | published | difference ± s.e. | minutes |"
            + " processor minutes | published minutes |");
    out.add("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (String task : Cell.TASKS) {
      for (String method : Cell.METHODS) {
        List<Cell> own =
            cells.stream()
                .filter(cell -> cell.task().equals(task) && cell.method().equals(method))
                .sorted(Comparator.comparingInt(Cell::observation))
                .toList();
        if (!own.isEmpty()) {
          out.add("| " + task + " | " + method + " | " + row(own));
        }
      }
    }
    out.add("");
  }

  private String row(List<Cell> cells) {
    List<Run> some = cells.stream().flatMap(cell -> run(cell).stream()).toList();
    String missing =
        listed("owed", cells.stream().filter(c -> run(c).isEmpty() && !failed(c)).toList());
    String failures = listed("failed", cells.stream().filter(this::failed).toList());
    if (some.isEmpty()) {
      return failures.isEmpty()
          ? "owed | | | | | | |"
          : (failures + missing).substring(2) + " | | | | | | |";
    }
    List<Published> published =
        some.stream().flatMap(run -> files.published(run.cell()).stream()).toList();
    String observations =
        String.join(", ", some.stream().map(run -> "" + run.cell().observation()).toList())
            + failures
            + missing;
    double[] differences = some.stream().mapToDouble(this::difference).toArray();
    String error =
        differences.length > 1
            ? String.format(Locale.ROOT, " ± %.3f", standardError(differences))
            : "";
    return String.format(
        Locale.ROOT,
        "%s | %.3f | %.3f | %+.3f%s | %.2f | %.2f | %.1f |",
        observations,
        some.stream().mapToDouble(Run::c2st).average().orElseThrow(),
        published.stream().mapToDouble(Published::c2st).average().orElse(Double.NaN),
        mean(differences),
        error,
        some.stream().mapToDouble(Run::minutes).average().orElseThrow(),
        some.stream().mapToDouble(Run::processorMinutes).average().orElseThrow(),
        published.stream().mapToDouble(Published::minutes).average().orElse(Double.NaN));
  }

  private static String listed(String word, List<Cell> cells) {
    return cells.isEmpty()
        ? ""
        : "; %s %s"
            .formatted(
                word, String.join(", ", cells.stream().map(c -> "" + c.observation()).toList()));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double standardError(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.length - 1) / values.length);
  }

  /** Over the observations of which all six methods were run. */
  private void best(List<String> out) {
    out.add("## The best method of each task, over observations that all six were run on");
    out.add("");
    out.add("| task | simulations | observations | best of ours | C2ST | best published | C2ST |");
    out.add("| --- | ---: | --- | --- | ---: | --- | ---: |");
    for (String task : Cell.TASKS) {
      for (int simulations : List.of(1000, 10_000)) {
        best(task, simulations).ifPresent(out::add);
      }
    }
    out.add("");
  }

  private Optional<String> best(String task, int simulations) {
    List<Integer> whole =
        new TreeSet<>(
                runs.stream()
                    .filter(Run::succeeded)
                    .map(Run::cell)
                    .filter(cell -> cell.task().equals(task) && cell.simulations() == simulations)
                    .map(Cell::observation)
                    .toList())
            .stream()
                .filter(
                    o ->
                        Cell.METHODS.stream()
                            .allMatch(m -> run(new Cell(task, m, simulations, o)).isPresent()))
                .toList();
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    String ours = "";
    String theirs = "";
    double least = 2;
    double published = 2;
    for (String method : Cell.METHODS) {
      double own = 0;
      double other = 0;
      for (int observation : whole) {
        Cell cell = new Cell(task, method, simulations, observation);
        own += run(cell).orElseThrow().c2st() / whole.size();
        other += files.published(cell).map(Published::c2st).orElse(1.0) / whole.size();
      }
      ours = own < least ? method : ours;
      least = Math.min(own, least);
      theirs = other < published ? Cell.PUBLISHED.get(method) : theirs;
      published = Math.min(other, published);
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "| %s | %d | %s | %s | %.3f | %s | %.3f |",
            task,
            simulations,
            String.join(", ", whole.stream().map(String::valueOf).toList()),
            ours,
            least,
            theirs,
            published));
  }

  private void worst(List<String> out) {
    List<Run> some =
        matching(cell -> true).stream()
            .filter(run -> difference(run) > 0.05)
            .sorted(Comparator.comparingDouble(run -> -difference(run)))
            .toList();
    out.add("## Runs worse than published by more than 0.05");
    out.add("");
    if (some.isEmpty()) {
      out.add("None of those run.");
    } else {
      out.add(
          "A verdict is that of the checks that the code had when the row was made; rows say when.");
      out.add("");
      out.add("| task | method | simulations | observation | C2ST | published | verdict |");
      out.add("| --- | --- | ---: | ---: | ---: | ---: | --- |");
    }
    for (Run run : some) {
      out.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %.3f | %.3f | %s |",
              run.cell().task(),
              run.cell().method(),
              run.cell().simulations(),
              run.cell().observation(),
              run.c2st(),
              files.published(run.cell()).orElseThrow().c2st(),
              run.verdict()));
    }
    out.add("");
  }

  private void calibration(List<String> out) {
    out.add("## Calibration of npe on gaussian_linear");
    out.add("");
    if (calibration.isEmpty()) {
      out.add("*owed*");
      out.add("");
      return;
    }
    out.add(
        "p-values of Anderson and Darling's test of uniformity; below 0.01 a check fails. That of"
            + " simulation-based calibration (SBC) is the smallest over the ten parameters, times"
            + " ten. The draws are the posterior's own, or changed on purpose. Trained on 10,000"
            + " simulations it is the benchmark's spline flow, on 100,000 the method's default, a"
            + " masked autoregressive flow.");
    out.add("");
    out.add(
        "| posterior | trained on | checked on | draws each | SBC p | passes | TARP p | passes |");
    out.add("| --- | ---: | ---: | ---: | ---: | --- | ---: | --- |");
    for (String line : calibration) {
      String[] f = line.split(",");
      out.add(
          "| %s | %s | %s | %s | %s | %s | %s | %s |"
              .formatted(f[0], f[1], f[3], f[4], f[5], f[6], f[7], f[8]));
    }
    out.add("");
  }
}
