package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.thalweg.api.plugin.Registry;

/**
 * docs/results/dnf.md, from the rows that there are; what was not run is marked as owed.
 *
 * @param csv the rows
 * @param work where the models lie
 * @param registry what loads them
 */
record DnfPage(Path csv, Path work, Registry registry) {
  private static final List<String> LABELS =
      List.of("dnf", "dnf-lambda-10", "m-flow", "pie", "flow");

  void write(Path docs) throws IOException {
    List<String> out = new ArrayList<>();
    out.add("<!-- Written by org.thalweg.bench.dnf.DnfResults; its text is bench/dnf-*.md. -->");
    out.addAll(Files.readAllLines(text(docs, "dnf-intro.md")));
    out.add("");
    for (String set : List.of("spiral", "circle", "sphere")) {
      table(out, set);
    }
    for (String set : List.of("spiral", "circle")) {
      Optional<Path> picture = new CurvePictures(work, registry).write(docs, set);
      picture.ifPresent(
          path -> {
            out.add("![Densities on the " + set + "](../images/" + path.getFileName() + ")");
            out.add("");
          });
    }
    out.addAll(new CostTable(csv.resolveSibling("dnf-cost.csv")).lines());
    out.addAll(new DigitsTable(csv.resolveSibling("dnf-digits.csv")).lines(docs));
    out.addAll(Files.readAllLines(text(docs, "dnf-notes.md")));
    Files.createDirectories(docs.resolve("results"));
    Files.write(docs.resolve("results").resolve("dnf.md"), out);
  }

  private static Path text(Path docs, String name) {
    return docs.toAbsolutePath().normalize().resolveSibling("bench").resolve(name);
  }

  private void table(List<String> out, String set) throws IOException {
    out.add("## The " + set);
    out.add("");
    out.add(
        "| model | seed | steps | parameters | seconds | KS | mean absolute log-ratio | mass | share"
            + " inside | reconstruction |");
    out.add("| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |");
    for (String label : LABELS) {
      for (Job job : Job.all()) {
        if (job.set().equals(set) && job.label().equals(label)) {
          out.add("| " + label + " | " + job.seed() + " | " + row(job));
        }
      }
    }
    out.add("");
  }

  private String row(Job job) throws IOException {
    if (!Files.exists(csv)) {
      return "*owed* | | | | | | | |";
    }
    return Files.readAllLines(csv).stream()
        .filter(line -> line.startsWith(job.key() + ","))
        .map(line -> Arrays.copyOfRange(line.split(","), 4, 13))
        .map(
            f ->
                String.format(
                    Locale.ROOT,
                    "%s | %s | %.0f | %s | %s ± %s | %s | %s | %s |",
                    f[0],
                    f[1],
                    Double.parseDouble(f[2]),
                    figure(f[3]),
                    figure(f[4]),
                    figure(f[5]),
                    figure(f[6]),
                    figure(f[7]),
                    f[8].equals("NaN") ? "–" : figure(f[8])))
        .findFirst()
        .orElse("*owed* | | | | | | | |");
  }

  private static String figure(String number) {
    double value = Double.parseDouble(number);
    return Math.abs(value) >= 1e4
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%.3g", value).replaceAll("e([+-])0", "e$1");
  }
}
