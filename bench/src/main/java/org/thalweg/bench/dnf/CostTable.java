package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the two densities cost, from the rows that {@link DnfCost} wrote. */
record CostTable(Path csv) {
  List<String> lines() throws IOException {
    List<String> out = new ArrayList<>();
    out.add("## Cost of the density");
    out.add("");
    out.add("| d | deflation, ms a row | Gram determinant, ms a row | ratio |");
    out.add("| ---: | --- | --- | --- |");
    for (int d : new int[] {1, 2, 16, 64}) {
      Optional<double[]> deflation = row(d, "dnf");
      Optional<double[]> gram = row(d, "m-flow");
      String ratio =
          deflation.isPresent() && gram.isPresent() ? ratio(gram.get(), deflation.get()) : "*owed*";
      out.add("| " + d + " | " + words(deflation) + " | " + words(gram) + " | " + ratio + " |");
    }
    out.add("");
    return out;
  }

  private Optional<double[]> row(int d, String method) throws IOException {
    if (!Files.exists(csv)) {
      return Optional.empty();
    }
    return Files.readAllLines(csv).stream()
        .filter(line -> line.startsWith(d + "," + method + ","))
        .map(line -> line.split(","))
        .map(f -> new double[] {Double.parseDouble(f[4]), Double.parseDouble(f[5])})
        .findFirst();
  }

  private static String words(Optional<double[]> mean) {
    return mean.map(m -> String.format(Locale.ROOT, "%.4f ± %.4f", m[0], m[1])).orElse("*owed*");
  }

  private static String ratio(double[] a, double[] b) {
    double ratio = a[0] / b[0];
    double error = ratio * Math.hypot(a[1] / a[0], b[1] / b[0]);
    return String.format(Locale.ROOT, "%.1f ± %.1f", ratio, error);
  }
}
