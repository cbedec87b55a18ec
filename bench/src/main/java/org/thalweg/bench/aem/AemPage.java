package org.thalweg.bench.aem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * docs/results/aem.md, from the rows that there are; what was not run is marked as owed.
 *
 * @param work where rows, models and calibrations lie
 * @param csv a row for each density of each job
 * @param jobs all of them
 */
record AemPage(Path work, Path csv, List<Job> jobs) {
  /** Writes the page; what the figures mean comes from a file beside the command. */
  void write(Path docs, Path notes) throws IOException {
    List<String> out = new ArrayList<>();
    out.add("<!-- Written by org.thalweg.bench.aem.AemResults and bench/aem-notes.md. -->");
    out.add("# The autoregressive energy machine, measured");
    out.add("");
    out.add(
        "Mean log-densities of rows that no fit saw, in nats, ± one standard error. *S* is the number"
            + " of importance samples a column and row. Budgets are processor seconds of training on"
            + " one thread, whoever else was on the machine. Differences are paired, row by row.");
    out.add("");
    planar(out, docs);
    tables(out);
    calibration(out, docs);
    out.addAll(Files.readAllLines(notes));
    Files.createDirectories(docs.resolve("results"));
    Files.write(docs.resolve("results").resolve("aem.md"), out);
  }

  private Optional<Judged> rows(Job job) throws IOException {
    Path file = work.resolve("rows").resolve(job.fileName() + ".csv");
    return Files.exists(file) ? Optional.of(Judged.read(file)) : Optional.empty();
  }

  /** Steps, parameters and processor seconds. */
  private String cost(Job job) throws IOException {
    return Files.readAllLines(csv).stream()
        .filter(line -> line.startsWith(job.key() + ","))
        .findFirst()
        .map(line -> line.split(","))
        .map(
            f -> String.format(Locale.ROOT, "%s | %s | %.0f", f[3], f[4], Double.parseDouble(f[5])))
        .orElse("owed | | ");
  }

  private void planar(List<String> out, Path docs) throws IOException {
    out.add("## Sets of the plane");
    out.add("");
    out.add(
        "| set | model | steps | parameters | seconds | S = 20 | S = 1000 | kernels | its proposal |"
            + " S = 1000 less proposal | truth | KL from the truth, S = 1000 |");
    out.add("| --- | --- | ---: | ---: | ---: | --- | --- | --- | --- | --- | --- | --- |");
    for (String set : Job.PLANAR) {
      for (Job job : jobs) {
        if (job.set().equals(set)) {
          out.add("| " + set + " | " + job.label() + " | " + cost(job) + planar(job));
        }
      }
    }
    out.add("");
    for (String set : Job.PLANAR) {
      if (Files.exists(docs.resolve("images").resolve("aem-" + set + ".png"))) {
        out.add("![Densities of the set " + set + "](../images/aem-" + set + ".png)");
        out.add("");
      }
    }
  }

  private String planar(Job job) throws IOException {
    Optional<Judged> found = rows(job);
    if (found.isEmpty()) {
      return " | | | | | | | |";
    }
    Judged rows = found.get();
    String best = rows.has("estimate 1000") ? "estimate 1000" : "exact";
    String ours =
        rows.has("estimate 1000")
            ? " | %s | %s | %s | %s | %s"
                .formatted(
                    rows.mean("estimate 20").words(),
                    rows.mean("estimate 1000").words(),
                    rows.mean("kde 1000").words(),
                    rows.mean("proposal").words(),
                    rows.difference("estimate 1000", rows, "proposal").words())
            : " | | %s (exact) | | | ".formatted(rows.mean("exact").words());
    return ours
        + " | %s | %s |"
            .formatted(rows.mean("truth").words(), rows.difference("truth", rows, best).words());
  }

  private void tables(List<String> out) throws IOException {
    out.add("## Tables");
    out.add("");
    out.add(
        "Energy machines are judged with S = 1000; below each stand its other densities. Flows have"
            + " the hidden units that bring their weights closest to the machine's, and its step"
            + " size and seconds.");
    out.add("");
    out.add(
        "| set | model | seed | steps | parameters | seconds | log-density | the machine less it |"
            + " `aem` less it | `aem-tilted` less it |");
    out.add("| --- | --- | ---: | ---: | ---: | ---: | --- | --- | --- | --- |");
    for (Job job : jobs) {
      if (!job.planar()) {
        table(out, job);
      }
    }
    out.add("");
  }

  private void table(List<String> out, Job job) throws IOException {
    String head = "| " + job.set() + " | " + job.label() + " | " + job.seed() + " | " + cost(job);
    Optional<Judged> found = rows(job);
    if (found.isEmpty()) {
      out.add(head + " | | | | |");
      return;
    }
    Judged rows = found.get();
    String own = rows.has("estimate 1000") ? "estimate 1000" : "exact";
    out.add(
        "%s | %s | | %s | %s |"
            .formatted(
                head,
                rows.mean(own).words(),
                less(job, "aem", rows, own),
                less(job, "aem-tilted", rows, own)));
    if (rows.has("estimate 1000")) {
      for (String density : List.of("estimate 20", "kde 1000", "proposal")) {
        out.add(
            "| | its %s | | | | | %s | %s | | |"
                .formatted(
                    density,
                    rows.mean(density).words(),
                    rows.difference("estimate 1000", rows, density).words()));
      }
    }
  }

  /** What a machine has more than a model, on the same rows. */
  private String less(Job job, String label, Judged rows, String density) throws IOException {
    Job machine =
        jobs.stream()
            .filter(
                j -> j.set().equals(job.set()) && j.seed() == job.seed() && j.label().equals(label))
            .findFirst()
            .orElseThrow();
    return machine.equals(job)
        ? ""
        : rows(machine)
            .map(aem -> aem.difference("estimate 1000", rows, density).words())
            .orElse("owed");
  }

  private void calibration(List<String> out, Path docs) throws IOException {
    out.add("## Normalisers against numerical integration");
    out.add("");
    out.add(
        "Conditionals of any column but the first, given rows that were not trained on; log Z by the"
            + " trapezoid rule to 1e-5 nats. CV is the coefficient of variation of the importance"
            + " weights, from 2,000 of them. Errors are expected at 0.67 CV / sqrt(S) in the median;"
            + " the last column but one divides by CV / sqrt(S), conditional by conditional, and"
            + " should not exceed 1.1 x 0.67 = 0.74. Relative errors are |error| / |log Z|.");
    out.add("");
    out.add(
        "| model | S | median CV | relative error 5 % | 50 % | 95 % | median error, nats | over"
            + " CV / sqrt(S) | median error where CV <= 0.4 |");
    out.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    List<WhiskerPlot.Series> series = new ArrayList<>();
    for (Job job : jobs) {
      Path file = work.resolve("calibration").resolve(job.fileName() + ".csv");
      if (!Files.exists(file) || job.seed() != 1) {
        continue;
      }
      List<double[]> whiskers = new ArrayList<>();
      for (int i = 0; i < Calibration.SAMPLES.length; i++) {
        Calibration.Summary s = Calibration.read(file, i);
        whiskers.add(s.relative());
        out.add(
            String.format(
                Locale.ROOT,
                "| %s, %s | %d | %.2f | %.1e | %.1e | %.1e | %.4f | %.2f | %s |",
                job.set(),
                job.label(),
                Calibration.SAMPLES[i],
                s.medianCv(),
                s.relative()[0],
                s.relative()[1],
                s.relative()[2],
                s.median(),
                s.scaled(),
                Double.isNaN(s.medianWhereEven())
                    ? "–"
                    : String.format(Locale.ROOT, "%.4f", s.medianWhereEven())));
      }
      series.add(new WhiskerPlot.Series(job.set() + ", " + job.label(), whiskers));
    }
    out.add("");
    if (!series.isEmpty()) {
      WhiskerPlot.write(docs.resolve("images").resolve("aem-calibration.png"), series);
      out.add("![Relative error of log Z over S](../images/aem-calibration.png)");
      out.add("");
    }
  }
}
