package org.thalweg.bench.aem;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One fit and its judging.
 *
 * @param set what is fitted
 * @param label what the row is called
 * @param estimator which estimator
 * @param options its options, besides those for the time
 * @param seed of the data and the fit
 * @param budget processor seconds of training
 */
record Job(
    String set,
    String label,
    String estimator,
    Map<String, Object> options,
    long seed,
    double budget) {

  String key() {
    return "%s,%s,%d".formatted(set, label, seed);
  }

  String fileName() {
    return "%s-%s-%d".formatted(set, label, seed);
  }

  private static Map<String, Object> pairs(Object... keysAndValues) {
    Map<String, Object> out = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return out;
  }

  private static Map<String, Object> with(Map<String, Object> some, Object... more) {
    Map<String, Object> out = new TreeMap<>(some);
    out.putAll(pairs(more));
    return out;
  }

  /** Widths with which each has about as many weights as the energy machine at ten columns. */
  private static final Map<String, Map<String, Object>> FLOWS =
      Map.of(
          "nsf-ar", pairs("hidden", 64),
          "nsf-coupling", pairs("hidden", 96),
          "maf", pairs("hidden", 112));

  /**
   * All jobs, the required ones first.
   *
   * @param planar processor seconds for a set of the plane
   * @param table processor seconds for a table
   */
  static List<Job> all(double planar, double table) {
    List<Job> out = new ArrayList<>();
    Map<String, Object> box = pairs("proposal", "box", "low", -4, "high", 4);
    out.add(new Job("checkerboard", "aem", "aem", box, 1, planar));
    Map<String, Object> separate = pairs("separate-trunks", true, "warm-up", 2000);
    Map<String, Object> defended = with(separate, "defensive", 0.1);
    out.add(new Job("spirals", "aem-defended", "aem", defended, 1, planar));
    tables(out, "white", 1, table);
    out.add(new Job("diamond", "aem-defended", "aem", defended, 1, planar));
    tables(out, "white", 2, table);
    tables(out, "kin40k", 1, table);
    out.add(new Job("spirals", "aem", "aem", pairs(), 1, planar));
    out.add(new Job("diamond", "aem", "aem", pairs(), 1, planar));
    tables(out, "kin40k", 2, table);
    for (String set : List.of("checkerboard", "spirals", "diamond")) {
      out.add(new Job(set, "nsf-ar", "nsf-ar", pairs(), 1, planar));
    }
    for (String set : List.of("spirals", "diamond")) {
      out.add(new Job(set, "aem-separate", "aem", separate, 1, planar));
    }
    // Not required: more tables and a third seed.
    for (String set : List.of("red", "protein")) {
      for (long seed = 1; seed <= 3; seed++) {
        tables(out, set, seed, table);
      }
    }
    tables(out, "white", 3, table);
    tables(out, "kin40k", 3, table);
    return out;
  }

  private static void tables(List<Job> out, String set, long seed, double table) {
    out.add(new Job(set, "aem", "aem", pairs(), seed, table));
    for (String flow : List.of("nsf-ar", "nsf-coupling", "maf")) {
      out.add(new Job(set, flow, flow, FLOWS.get(flow), seed, table));
    }
  }
}
