package org.thalweg.bench.contrastive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One inference.
 *
 * @param task a simulator
 * @param method a method
 * @param atoms K, 0 where the method has none
 * @param variant {@code mapped}, {@code rejected} (no map of the support), or {@code slice}
 *     (mapped, the posterior's density sampled by chains)
 * @param seed the inference's
 */
record Job(String task, String method, int atoms, String variant, long seed) {
  /** All of them, what is to be shown first at the front. */
  static List<Job> all() {
    List<Job> out = new ArrayList<>();
    for (String task : List.of("slcp", "mg1", "lotka-volterra-jump")) {
      for (long seed = 1; seed <= 2; seed++) {
        out.add(new Job(task, "snl", 0, "mapped", seed));
        for (int atoms : new int[] {10, 2}) {
          out.add(new Job(task, "snpe-c", atoms, "rejected", seed));
          out.add(new Job(task, "snpe-c", atoms, "mapped", seed));
          out.add(new Job(task, "sre", atoms, "mapped", seed));
        }
        out.add(new Job(task, "snpe-c", 10, "slice", seed));
      }
      for (long seed = 1; seed <= 2; seed++) {
        out.add(new Job(task, "sre", 50, "mapped", seed));
        out.add(new Job(task, "snpe-c", 50, "mapped", seed));
      }
    }
    return out;
  }

  /** The first columns of its rows. */
  String key() {
    return "%s,%s,%d,%s,%d".formatted(task, method, atoms, variant, seed);
  }

  /** Without the seed, as it reads in a table. */
  String label() {
    String k = atoms == 0 ? "" : ", K = " + atoms;
    String how =
        switch (variant) {
          case "rejected" -> ", without the map";
          case "slice" -> ", by chains";
          default -> "";
        };
    return method + k + how;
  }

  /** The method's options. */
  Map<String, Object> options() {
    Map<String, Object> out = new LinkedHashMap<>();
    if (atoms > 0) {
      out.put("atoms", atoms);
    }
    out.put("support", variant.equals("rejected") ? "rejected" : "mapped");
    if (variant.equals("rejected")) {
      // The loss of the thesis, which leaks.
      out.put("keep-likelihood", false);
    }
    if (variant.equals("slice")) {
      out.put("sampler", "slice");
    }
    return out;
  }
}
