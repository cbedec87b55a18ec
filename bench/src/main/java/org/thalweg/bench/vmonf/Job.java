package org.thalweg.bench.vmonf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One clustering.
 *
 * @param set what is clustered
 * @param label what the row is called
 * @param options those of {@code vmonf}; none for k-means and the Gaussian mixture
 * @param seed of the data and the fit
 * @param labelled training rows whose class is known
 * @param unlabelled training rows whose class is not
 */
record Job(
    String set,
    String label,
    Map<String, Object> options,
    long seed,
    int labelled,
    int unlabelled) {
  static final String K_MEANS = "k-means";
  static final String GAUSSIANS = "Gaussian mixture";

  String key() {
    return "%s,%s,%d".formatted(set, label, seed);
  }

  String fileName() {
    return "%s-%s-%d".formatted(set, label, seed).replace(' ', '-');
  }

  int components() {
    return set.equals("circles") ? 2 : 5;
  }

  private static Map<String, Object> options(Object... pairs) {
    Map<String, Object> out = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      out.put((String) pairs[i], pairs[i + 1]);
    }
    return out;
  }

  /** All jobs, the required ones first. */
  static List<Job> all() {
    List<Job> out = new ArrayList<>();
    Map<String, Object> fromKMeans = options("start", "k-means", "temperature", 1, "epochs", 60);
    Map<String, Object> random = options("temperature", 5, "epochs", 60);
    Map<String, Object> known = options("components", 2, "temperature", 1, "epochs", 300);
    Map<String, Object> few = options("components", 2, "temperature", 1, "epochs", 300);
    few.putAll(options("pretraining", 0.1, "settling", 0.4, "label-weight", 5));
    Map<String, Object> digits = options("flow", "realnvp", "flow.layers", 4, "flow.hidden", 32);
    digits.putAll(options("flow.blocks", 1, "start", "k-means", "scaling", "common"));
    digits.putAll(options("temperature", 1, "epochs", 15, "batch-size", 512, "pretraining", 0.1));
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("pinwheel", K_MEANS, Map.of(), seed, 0, 2000));
      out.add(new Job("pinwheel", GAUSSIANS, Map.of(), seed, 0, 2000));
      out.add(new Job("pinwheel", "vmonf from k-means", fromKMeans, seed, 0, 2000));
      out.add(new Job("circles", K_MEANS, Map.of(), seed, 0, 2000));
      out.add(new Job("circles", GAUSSIANS, Map.of(), seed, 0, 2000));
      out.add(new Job("circles", "vmonf 1024 labels", known, seed, 1024, 64));
      out.add(new Job("circles", "vmonf 32 labels", few, seed, 32, 1024));
      if (seed == 1) {
        out.add(new Job("digits", K_MEANS, Map.of(), seed, 0, 0));
        out.add(new Job("digits", GAUSSIANS, Map.of(), seed, 0, 0));
        out.add(new Job("digits", "vmonf from k-means", digits, seed, 0, 0));
      }
    }
    for (long seed = 1; seed <= 3; seed++) {
      Map<String, Object> two = new TreeMap<>(random);
      two.put("components", 2);
      out.add(new Job("circles", "vmonf without labels", two, seed, 0, 2000));
      out.add(new Job("pinwheel", "vmonf from random", random, seed, 0, 2000));
    }
    for (long seed = 4; seed <= 5; seed++) {
      out.add(new Job("pinwheel", K_MEANS, Map.of(), seed, 0, 2000));
      out.add(new Job("pinwheel", GAUSSIANS, Map.of(), seed, 0, 2000));
      out.add(new Job("pinwheel", "vmonf from k-means", fromKMeans, seed, 0, 2000));
      out.add(new Job("pinwheel", "vmonf from random", random, seed, 0, 2000));
    }
    for (long seed = 2; seed <= 3; seed++) {
      out.add(new Job("digits", "vmonf from k-means", digits, seed, 0, 0));
    }
    return out;
  }
}
