package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thalweg.bench.Score;

/**
 * The error of every test image, so that models can be compared image by image: a line a model,
 * {@code d,label,e e e ...}.
 */
record ImageErrors(Path file) {
  /** Beside the table of means. */
  static ImageErrors beside(Path csv) {
    return new ImageErrors(csv.resolveSibling("dnf-digits-errors.csv"));
  }

  void add(int d, String label, double[] errors) throws IOException {
    String all =
        Arrays.stream(errors)
            .mapToObj(e -> String.format(Locale.ROOT, "%.3f", e))
            .collect(Collectors.joining(" "));
    Files.writeString(
        file,
        d + "," + label + "," + all + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Optional<double[]> of(int d, String label) throws IOException {
    String key = d + "," + label + ",";
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).split(" "))
        .map(e -> Arrays.stream(e).mapToDouble(Double::parseDouble).toArray())
        .findFirst();
  }

  /** The mean of one model's errors less another's on the same images, ± its standard error. */
  String less(int d, String label, String other) throws IOException {
    Optional<double[]> own = of(d, label);
    Optional<double[]> its = of(d, other);
    if (label.equals(other) || own.isEmpty() || its.isEmpty()) {
      return "";
    }
    Score score = Score.of(own.get(), its.get());
    return String.format(Locale.ROOT, "%+.3f ± %.3f", score.mean(), score.error());
  }
}
