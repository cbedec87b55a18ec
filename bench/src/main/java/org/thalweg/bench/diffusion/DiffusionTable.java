package org.thalweg.bench.diffusion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The file of {@link DiffusionGrid} as a table, with what is owed. */
final class DiffusionTable {
  private static final List<String> SETS = List.of("wine-white", "protein", "mnist8", "mnist16");
  private static final List<String> EQUATIONS = List.of("vp", "subvp");
  private static final List<String> WEIGHTINGS = List.of("original", "likelihood", "importance");
  private static final List<String> SEEDS = List.of("1", "2", "3");

  private DiffusionTable() {}

  /** One combination over its seeds. */
  private record Cell(
      List<String> seeds, List<double[]> ode, List<double[]> bound, double[] lossVariances) {}

  static String of(Path file) throws IOException {
    Map<String, Map<String, String[]>> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(",");
      if (!parts[0].equals("set")) {
        String cell = String.join(",", Arrays.copyOf(parts, 4));
        lines.computeIfAbsent(cell, key -> new TreeMap<>()).put(parts[4], parts);
      }
    }
    StringBuilder out = new StringBuilder();
    out.append(
        "| set | equation | noise | weighting | seeds | `ode` | less that of importance | bound | less that of importance | variance of the loss | cut by importance |\n");
    out.append("| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (String set : SETS) {
      for (String noise :
          set.equals("protein") ? List.of("uniform") : List.of("uniform", "variational")) {
        for (String equation : EQUATIONS) {
          rows(out, file, lines, set, equation, noise);
        }
      }
    }
    return out.toString();
  }

  private static void rows(
      StringBuilder out,
      Path file,
      Map<String, Map<String, String[]>> lines,
      String set,
      String equation,
      String noise)
      throws IOException {
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (String weighting : WEIGHTINGS) {
      String key = String.join(",", set, equation, weighting, noise);
      cells.put(weighting, cell(file, key, lines.getOrDefault(key, Map.of())));
    }
    Cell best = cells.get("importance");
    for (String weighting : WEIGHTINGS) {
      Cell cell = cells.get(weighting);
      String start = "| %s | %s | %s | %s | ".formatted(set, equation, noise, weighting);
      if (cell.seeds.isEmpty()) {
        out.append(start).append("0 | owed | owed | owed | owed | owed | owed |\n");
        continue;
      }
      String owed =
          cell.seeds.size() < SEEDS.size()
              ? " (%d owed)".formatted(SEEDS.size() - cell.seeds.size())
              : "";
      boolean comparable = !weighting.equals("original");
      double variance = Figures.mean(cell.lossVariances);
      out.append(start)
          .append(cell.seeds.size() + owed)
          .append(" | " + over(cell.ode))
          .append(" | " + (cell == best ? "" : difference(cell, best, Cell::ode)))
          .append(" | " + over(cell.bound))
          .append(" | " + (cell == best ? "" : difference(cell, best, Cell::bound)))
          .append(
              " | " + (comparable ? String.format(Locale.ROOT, "%.4g", variance) : "other units"))
          .append(
              weighting.equals("likelihood") && !best.seeds.isEmpty()
                  ? String.format(
                      Locale.ROOT, " | %.1f |%n", variance / Figures.mean(best.lossVariances))
                  : " | |\n");
    }
  }

  /** The rows of each seed; a page shows one length of training with one set of options. */
  private static Cell cell(Path file, String key, Map<String, String[]> bySeed) throws IOException {
    List<double[]> ode = new ArrayList<>();
    List<double[]> bound = new ArrayList<>();
    for (String seed : bySeed.keySet()) {
      String[] found = bySeed.get(seed);
      String full = String.join(",", key, seed, found[5], found[6]) + ",";
      List<String> rows = Files.readAllLines(DiffusionGrid.rows(file, full));
      ode.add(rows.stream().mapToDouble(row -> Double.parseDouble(row.split(",")[0])).toArray());
      bound.add(rows.stream().mapToDouble(row -> Double.parseDouble(row.split(",")[1])).toArray());
    }
    double[] variances =
        bySeed.values().stream().mapToDouble(parts -> Double.parseDouble(parts[10])).toArray();
    return new Cell(List.copyOf(bySeed.keySet()), ode, bound, variances);
  }

  /**
   * The mean over seeds, with its standard error over the rows; in brackets the standard deviation
   * of the seeds' own means, where there are several: what another fit and another split change.
   */
  private static String over(List<double[]> values) {
    double mean = values.stream().mapToDouble(Figures::mean).average().orElse(Double.NaN);
    double square = values.stream().mapToDouble(v -> Math.pow(Figures.error(v), 2)).sum();
    String out = String.format(Locale.ROOT, "%.3f ± %.3f", mean, Math.sqrt(square) / values.size());
    double[] means = values.stream().mapToDouble(Figures::mean).toArray();
    return means.length < 2
        ? out
        : out + String.format(Locale.ROOT, " (%.3f)", Math.sqrt(Figures.variance(means)));
  }

  /** Paired by row, on the seeds that both have. */
  private static String difference(Cell cell, Cell best, Function<Cell, List<double[]>> of) {
    List<double[]> differences = new ArrayList<>();
    for (int s = 0; s < cell.seeds.size(); s++) {
      int other = best.seeds.indexOf(cell.seeds.get(s));
      if (other >= 0) {
        double[] mine = of.apply(cell).get(s);
        double[] theirs = of.apply(best).get(other);
        double[] gap = new double[mine.length];
        Arrays.setAll(gap, i -> mine[i] - theirs[i]);
        differences.add(gap);
      }
    }
    return differences.isEmpty() ? "owed" : over(differences);
  }
}
