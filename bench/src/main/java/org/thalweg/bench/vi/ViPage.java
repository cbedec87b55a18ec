package org.thalweg.bench.vi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes docs/results/vi.md from the rows of results; what was not run is marked owed. */
final class ViPage {
  private static final String OWED = "*owed*";

  /** By quadrature: the test of the targets holds them. */
  private static final Map<String, Double> EVIDENCE =
      Map.of(
          "eight-schools-centered", -31.311,
          "eight-schools-noncentered", -31.311,
          "two-schools-centered", -8.780,
          "one-school-centered", -5.108,
          "one-school-noncentered", -5.108);

  private final List<Map<String, String>> rows;
  private final Path docs;
  private final StringBuilder out = new StringBuilder();

  ViPage(List<String> lines, Path docs) {
    String[] names = lines.get(0).split(",");
    this.docs = docs;
    this.rows = lines.stream().skip(1).map(line -> row(names, line.split(",", -1))).toList();
  }

  private static Map<String, String> row(String[] names, String[] cells) {
    Map<String, String> out = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      out.put(names[i], cells[i]);
    }
    return out;
  }

  void write() throws IOException {
    text("vi-intro.md");
    out.append("\n## Schools\n\n");
    text("vi-schools.md");
    schools();
    out.append("\n## posteriordb\n\n");
    text("vi-posteriordb.md");
    posteriordb();
    out.append("\n## Known densities\n\n");
    text("vi-toys.md");
    toys();
    out.append("\n## Time to a good fit\n\n");
    text("vi-race.md");
    race();
    text("vi-notes.md");
    Files.writeString(docs.resolve("results/vi.md"), out.toString());
  }

  /** Text that explains; it stands beside the results. */
  private void text(String name) throws IOException {
    Path file = Path.of("bench", name);
    if (Files.exists(file)) {
      out.append(Files.readString(file)).append('\n');
    }
  }

  private List<Map<String, String>> of(Cell.Table table, String target, String label) {
    return rows.stream()
        .filter(row -> row.get("table").equals(table.name().toLowerCase(Locale.ROOT)))
        .filter(row -> row.get("target").equals(target) && row.get("label").equals(label))
        .toList();
  }

  private static Set<String> combinations(Cell.Table table) {
    return Grid.all().stream()
        .filter(cell -> cell.table() == table)
        .map(cell -> cell.target() + "," + cell.label())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void schools() throws IOException {
    line(
        "target",
        "approximation",
        "trainings",
        "k-hat",
        "published",
        "lower bound",
        "published",
        "below the evidence",
        "s");
    line("---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
    List<String> lines = Files.readAllLines(Path.of("bench", "vi-published.csv"));
    List<String[]> published = lines.stream().map(text -> text.split(",")).toList();
    for (String combination : combinations(Cell.Table.SCHOOLS)) {
      String[] key = combination.split(",");
      List<Map<String, String>> found = of(Cell.Table.SCHOOLS, key[0], key[1]);
      if (found.isEmpty()) {
        line(key[0], key[1], OWED, "", its(published, key, 2), "", its(published, key, 4), "", "");
        continue;
      }
      double[] bounds = column(found, "elbo");
      Double evidence = EVIDENCE.get(key[0]);
      line(
          key[0],
          key[1],
          "" + found.size(),
          spread(column(found, "k_hat"), 2),
          its(published, key, 2),
          spread(bounds, 3),
          its(published, key, 4),
          evidence == null ? "" : spread(Arrays.stream(bounds).map(b -> evidence - b).toArray(), 3),
          String.format(Locale.ROOT, "%.0f", ViGrid.mean(column(found, "seconds"))));
    }
  }

  /** A published mean and standard deviation of five trainings, where there is one. */
  private static String its(List<String[]> published, String[] key, int column) {
    return published.stream()
        .filter(row -> row[0].equals(key[0]) && row[1].equals(key[1]))
        .map(row -> row[column] + " ± " + row[column + 1])
        .findFirst()
        .orElse("");
  }

  private void posteriordb() {
    line(
        "posterior",
        "approximation",
        "verdict",
        "k-hat",
        "error",
        "with weights",
        "s.d.",
        "with weights",
        "s");
    line("---", "---", "---", "---:", "---:", "---:", "---:", "---:", "---:");
    for (String combination : combinations(Cell.Table.POSTERIORDB)) {
      String[] key = combination.split(",");
      List<Map<String, String>> found = of(Cell.Table.POSTERIORDB, key[0], key[1]);
      if (found.isEmpty()) {
        line(key[0], key[1], OWED, "", "", "", "", "", "");
        continue;
      }
      Map<String, String> row = found.get(0);
      line(
          key[0],
          key[1],
          row.get("verdict").toLowerCase(Locale.ROOT).replace('_', ' '),
          plusMinus(row.get("k_hat"), row.get("k_hat_sd")),
          rounded(row.get("error"), 3),
          rounded(row.get("error_psis"), 3),
          rounded(row.get("sd_low"), 3) + " to " + rounded(row.get("sd_high"), 3),
          rounded(row.get("sd_low_psis"), 3) + " to " + rounded(row.get("sd_high_psis"), 3),
          rounded(row.get("seconds"), 0));
    }
  }

  private void toys() {
    line("target", "approximation", "divergence", "k-hat", "s", "picture");
    line("---", "---", "---:", "---:", "---:", "---");
    for (String combination : combinations(Cell.Table.TOYS)) {
      String[] key = combination.split(",");
      List<Map<String, String>> found = of(Cell.Table.TOYS, key[0], key[1]);
      if (found.isEmpty()) {
        line(key[0], key[1], OWED, "", "", "");
        continue;
      }
      Map<String, String> row = found.get(0);
      String file = "images/vi/" + key[0] + "-" + key[1].replaceAll(" .*", "") + ".png";
      String picture =
          Files.exists(docs.resolve(file)) ? "[fit](../%s)%s".formatted(file, truth(key[0])) : "";
      line(
          key[0],
          key[1],
          rounded(row.get("forward_kl"), 4),
          plusMinus(row.get("k_hat"), row.get("k_hat_sd")),
          rounded(row.get("seconds"), 0),
          picture);
    }
  }

  /** On the line the truth is in the fit's picture. */
  private String truth(String target) {
    String file = "images/vi/" + target + "-truth.png";
    return Files.exists(docs.resolve(file)) ? ", [truth](../" + file + ")" : "";
  }

  private void race() throws IOException {
    line("approximation", "draws a step", "steps at most", "processor s", "lower bound", "k-hat");
    line("---", "---:", "---:", "---:", "---:", "---:");
    Path file = Path.of("bench/results/vi-guides.csv");
    List<String[]> found =
        (Files.exists(file) ? Files.readAllLines(file) : List.<String>of())
            .stream().map(row -> row.split(",")).toList();
    for (String name :
        List.of("thalweg advi", "AutoNormal", "AutoIAFNormal", "AutoNormalizingFlow")) {
      List<String[]> own = found.stream().filter(row -> row[0].equals(name)).toList();
      own.forEach(this::line);
      if (own.isEmpty()) {
        line(name, OWED, "", "", "", "");
      }
    }
  }

  private static double[] column(List<Map<String, String>> rows, String name) {
    return rows.stream().mapToDouble(row -> Double.parseDouble(row.get(name))).toArray();
  }

  /** The mean of trainings, and their standard deviation where there are several. */
  private static String spread(double[] values, int digits) {
    String format = "%." + digits + "f";
    String mean = String.format(Locale.ROOT, format, ViGrid.mean(values));
    return values.length == 1
        ? mean
        : mean + " ± " + String.format(Locale.ROOT, format, ViGrid.deviation(values));
  }

  private static String rounded(String value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", Double.parseDouble(value));
  }

  private static String plusMinus(String value, String deviation) {
    return String.format(
        Locale.ROOT, "%.2f ± %.2f", Double.parseDouble(value), Double.parseDouble(deviation));
  }

  private void line(String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
