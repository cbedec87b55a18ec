package org.thalweg.app.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.toolkit.infer.Psis;

/**
 * What the draws of one parameter say, in its own units.
 *
 * @param name its column
 * @param mean the mean of the draws
 * @param standardDeviation theirs, with N - 1
 * @param quantiles those of {@link #FRACTIONS}
 * @param corrected the moments after importance weighting, where it can correct them
 * @param figures of the diagnostics that each parameter has its own of, such as {@code r_hat}
 */
public record ParameterSummary(
    String name,
    double mean,
    double standardDeviation,
    double[] quantiles,
    Optional<Corrected> corrected,
    SortedMap<String, Double> figures) {
  /** Which quantiles are told, by the names they have in a summary. */
  public static final Map<String, Double> FRACTIONS = fractions();

  /**
   * Moments of the target itself.
   *
   * @param mean the weighted mean
   * @param standardDeviation the weighted standard deviation
   */
  public record Corrected(double mean, double standardDeviation) {}

  private static Map<String, Double> fractions() {
    Map<String, Double> out = new LinkedHashMap<>();
    out.put("q025", 0.025);
    out.put("q25", 0.25);
    out.put("median", 0.5);
    out.put("q75", 0.75);
    out.put("q975", 0.975);
    return out;
  }

  /**
   * Of every parameter.
   *
   * @param draws {@code [n, P]}, at least 2 rows
   * @param weighed with the weights of the draws, where there are some that can be trusted
   */
  static List<ParameterSummary> of(List<String> names, Matrix draws, Weighed weighed) {
    Optional<Psis> weights = weighed.weights();
    Optional<double[]> means = weights.map(w -> w.mean(draws));
    Optional<double[]> deviations = weights.map(w -> w.standardDeviation(draws));
    List<ParameterSummary> out = new ArrayList<>();
    for (int j = 0; j < names.size(); j++) {
      int column = j;
      SortedMap<String, Double> figures = new TreeMap<>();
      weighed
          .diagnostics()
          .perParameter()
          .forEach((figure, values) -> figures.put(figure, values.get(column)));
      double[] sorted = draws.column(j);
      Arrays.sort(sorted);
      double mean = Arrays.stream(sorted).average().orElseThrow();
      double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
      out.add(
          new ParameterSummary(
              names.get(j),
              mean,
              Math.sqrt(squares / (sorted.length - 1)),
              FRACTIONS.values().stream().mapToDouble(f -> quantile(sorted, f)).toArray(),
              means.map(m -> new Corrected(m[column], deviations.orElseThrow()[column])),
              figures));
    }
    return out;
  }

  /** Between two values, by linear interpolation. */
  private static double quantile(double[] sorted, double fraction) {
    double at = fraction * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  Map<String, Object> toMap() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("mean", mean);
    out.put("sd", standardDeviation);
    int next = 0;
    for (String quantile : FRACTIONS.keySet()) {
      out.put(quantile, quantiles[next++]);
    }
    corrected.ifPresent(
        moments -> {
          out.put("corrected_mean", moments.mean());
          out.put("corrected_sd", moments.standardDeviation());
        });
    out.putAll(figures);
    return out;
  }
}
