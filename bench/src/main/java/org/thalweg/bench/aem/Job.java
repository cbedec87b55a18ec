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

  /** The step size of the energy machine, for the flows beside it too. */
  private static final Map<String, Object> SLOW = Map.of("learning-rate", 1e-3);

  /** The sets of the plane, in the order of the page. */
  static final List<String> PLANAR = List.of("checkerboard", "spirals", "diamond", "picture");

  boolean planar() {
    return PLANAR.contains(set);
  }

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

  /**
   * All jobs, the required ones first.
   *
   * @param planar processor seconds for a set of the plane
   * @param table processor seconds for a table
   */
  static List<Job> all(double planar, double table) {
    List<Job> out = new ArrayList<>();
    Map<String, Object> box = pairs("proposal", "box", "low", -4, "high", 4);
    Map<String, Object> tilted = pairs("tilted", true);
    Map<String, Object> separate = pairs("separate-trunks", true, "warm-up", 2000);
    Map<String, Object> both = with(tilted, "separate-trunks", true);
    tables(out, "white", 1, table);
    tables(out, "white", 2, table);
    out.add(new Job("spirals", "aem-tilted", "aem", tilted, 1, planar));
    out.add(new Job("diamond", "aem-tilted", "aem", tilted, 1, planar));
    out.add(new Job("spirals", "aem-tilted-separate", "aem", both, 1, planar));
    out.add(new Job("checkerboard", "aem", "aem", box, 1, planar));
    tables(out, "kin40k", 1, table);
    tables(out, "kin40k", 2, table);
    out.add(new Job("spirals", "aem", "aem", pairs(), 1, planar));
    out.add(new Job("diamond", "aem", "aem", pairs(), 1, planar));
    out.add(new Job("diamond", "aem-tilted-separate", "aem", both, 1, planar));
    out.add(new Job("picture", "aem-tilted", "aem", tilted, 1, planar));
    for (String set : PLANAR) {
      out.add(new Job(set, "nsf-ar", "nsf-ar", SLOW, 1, planar));
    }
    // Not required.
    out.add(new Job("picture", "aem", "aem", pairs(), 1, planar));
    for (String set : List.of("spirals", "diamond")) {
      out.add(new Job(set, "aem-separate", "aem", separate, 1, planar));
      Map<String, Object> defended = with(separate, "defensive", 0.1);
      out.add(new Job(set, "aem-defended", "aem", defended, 1, planar));
    }
    tables(out, "white", 3, table);
    tables(out, "kin40k", 3, table);
    for (String set : List.of("red", "protein", "power", "miniboone")) {
      for (long seed = 1; seed <= 3; seed++) {
        tables(out, set, seed, table);
      }
    }
    return out;
  }

  private static void tables(List<Job> out, String set, long seed, double table) {
    out.add(new Job(set, "aem", "aem", pairs(), seed, table));
    out.add(new Job(set, "aem-tilted", "aem", pairs("tilted", true), seed, table));
    for (String flow : List.of("nsf-ar", "nsf-coupling", "maf")) {
      out.add(new Job(set, flow, flow, SLOW, seed, table));
    }
  }
}
