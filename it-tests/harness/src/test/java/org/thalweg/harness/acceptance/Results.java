package org.thalweg.harness.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a table to {@code docs/results/}, with what made it. */
final class Results {
  private Results() {}

  /** A series of figures, such as one a seed. */
  record Summary(double[] values) {
    double mean() {
      return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** The standard deviation. */
    double deviation() {
      double mean = mean();
      double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return Math.sqrt(sum / Math.max(1, values.length - 1));
    }

    @Override
    public String toString() {
      return values.length < 2
          ? String.format(Locale.ROOT, "%.4f", mean())
          : String.format(Locale.ROOT, "%.4f ± %.4f", mean(), deviation());
    }

    /** All of them. */
    String each() {
      return Arrays.stream(values)
          .mapToObj(v -> String.format(Locale.ROOT, "%.4f", v))
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * Writes a page.
   *
   * @param name the file's name without its extension
   * @param title its heading
   * @param setting what was run: data, split, options, seeds
   * @param over what the figures of a row are over, such as {@code seeds}
   * @param rows what each row of the table is about, and its figures
   */
  static void write(
      String name, String title, String setting, String over, Map<String, Summary> rows) {
    StringBuilder page = new StringBuilder("# " + title + "\n\n" + setting + "\n\n");
    page.append("| | mean ± s.d. over %s | each |\n| --- | ---: | --- |\n".formatted(over));
    rows.forEach(
        (what, summary) ->
            page.append("| %s | %s | %s |\n".formatted(what, summary, summary.each())));
    page.append(
        "\nMade by `mvn -B verify -Pacceptance`; Java %s, %d processors.\n"
            .formatted(
                System.getProperty("java.version"), Runtime.getRuntime().availableProcessors()));
    Path directory = Path.of(System.getProperty("thalweg.checkout")).resolve("docs/results");
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(name + ".md"), page.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty table that keeps the order of its rows. */
  static Map<String, Summary> table() {
    return new java.util.LinkedHashMap<>();
  }

  /** Options as they stand on a command line. */
  static String options(Map<String, Object> set) {
    return new TreeMap<>(set)
        .entrySet().stream()
            .map(entry -> "--set " + entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
  }
}
