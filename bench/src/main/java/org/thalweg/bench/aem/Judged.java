package org.thalweg.bench.aem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Per-row log-densities of one model under several densities, kept so that rows can be paired. */
record Judged(Map<String, double[]> columns) {
  /** A mean with its standard error. */
  record Mean(double value, double error) {
    static Mean of(double[] values) {
      double mean = Arrays.stream(values).average().orElse(Double.NaN);
      double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      return new Mean(mean, Math.sqrt(sum / (values.length - 1) / values.length));
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.4f,%.4f", value, error);
    }

    /** As it stands in a page. */
    String words() {
      return String.format(Locale.ROOT, "%.3f ± %.3f", value, error);
    }
  }

  boolean has(String density) {
    return columns.containsKey(density);
  }

  Mean mean(String density) {
    return Mean.of(columns.get(density));
  }

  /** The mean of paired differences. */
  Mean difference(String density, Judged other, String theirs) {
    double[] mine = columns.get(density);
    double[] rows = other.columns.get(theirs);
    double[] out = new double[mine.length];
    Arrays.setAll(out, i -> mine[i] - rows[i]);
    return Mean.of(out);
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", columns.keySet()));
    int rows = columns.values().iterator().next().length;
    for (int i = 0; i < rows; i++) {
      int row = i;
      lines.add(
          String.join(",", columns.values().stream().map(c -> Double.toString(c[row])).toList()));
    }
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  static Judged read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] names = lines.get(0).split(",");
    Map<String, double[]> out = new LinkedHashMap<>();
    for (int j = 0; j < names.length; j++) {
      int column = j;
      out.put(
          names[j],
          lines.stream()
              .skip(1)
              .mapToDouble(line -> Double.parseDouble(line.split(",")[column]))
              .toArray());
    }
    return new Judged(out);
  }
}
