package org.thalweg.bench.dnf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One fit.
 *
 * @param set what is fitted
 * @param label what the row is called
 * @param estimator which estimator
 * @param options its options
 * @param seed of the data and the fit
 */
record Job(String set, String label, String estimator, Map<String, Object> options, long seed) {
  String key() {
    return "%s,%s,%d".formatted(set, label, seed);
  }

  String fileName() {
    return "%s-%s-%d".formatted(set, label, seed);
  }

  private static Map<String, Object> with(Map<String, Object> some, Object... more) {
    Map<String, Object> out = new TreeMap<>(some);
    for (int i = 0; i < more.length; i += 2) {
      out.put((String) more[i], more[i + 1]);
    }
    return out;
  }

  private static final Map<String, Object> LENGTH =
      with(Map.of(), "epochs", 100, "batch-size", 200, "learning-rate", 2e-3, "patience", 0);

  /** The flows of all models of one set are alike. */
  private static Map<String, Object> manifold(int dimension) {
    return with(LENGTH, "dimension", dimension);
  }

  /** All jobs, the first seed of each first. */
  static List<Job> all() {
    List<Job> out = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      add(out, "spiral", 1, seed, 0.05, 1);
      if (seed == 1) {
        out.add(new Job("spiral", "dnf-lambda-10", "dnf", dnf(1, 0.05, 10), seed));
      }
      add(out, "circle", 1, seed, 0.1, 10);
    }
    for (long seed = 1; seed <= 3; seed++) {
      add(out, "sphere", 2, seed, 0.1, 10);
    }
    return out;
  }

  private static Map<String, Object> dnf(int dimension, double sigma, double lambda) {
    return with(manifold(dimension), "sigma", sigma, "lambda", lambda);
  }

  private static void add(
      List<Job> out, String set, int dimension, long seed, double sigma, double lambda) {
    out.add(new Job(set, "dnf", "dnf", dnf(dimension, sigma, lambda), seed));
    out.add(new Job(set, "m-flow", "m-flow", manifold(dimension), seed));
    Map<String, Object> pie = with(manifold(dimension), "sigma", 0, "lambda", 0);
    out.add(new Job(set, "pie", "dnf", pie, seed));
    Map<String, Object> flow = with(LENGTH, "layers", 5, "hidden", 64);
    out.add(new Job(set, "flow", "nsf-coupling", flow, seed));
  }
}
