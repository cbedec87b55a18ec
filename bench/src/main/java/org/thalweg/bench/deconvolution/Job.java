package org.thalweg.bench.deconvolution;

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
 * @param options its options
 * @param seed of the data, the noise and the fit
 */
record Job(String set, String label, String estimator, Map<String, Object> options, long seed) {

  String key() {
    return "%s,%s,%d".formatted(set, label, seed);
  }

  /** Whether pretraining sees the training rows without their noise (Table 2 of the paper). */
  boolean noiseFree() {
    return label.startsWith("flow-pretrained");
  }

  /** The mixture that a flow is compared with, on the same rows. */
  Job mixture() {
    return mixture(set, seed);
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

  /** Small nets on two columns: what a run takes on one core within the hour. */
  private static final Map<String, Object> GAUSSIANS =
      pairs(
          "prior", "nsf-coupling",
          "prior.layers", 3,
          "prior.hidden", 32,
          "recognition.layers", 2,
          "recognition.hidden", 32,
          "recognition.embedding", 32,
          "batch-size", 64,
          "samples", 50,
          "defensive", 0.1,
          "averaging", 0.998,
          "sleep", 0,
          "learning-rate", 2e-3,
          "epochs", 1_000_000,
          "steps", 2500,
          "validate-every", 250,
          "patience", 0,
          "pretrain-prior", 1000,
          "scoring-samples", 200);

  private static final Map<String, Object> TABLE =
      pairs(
          "prior", "maf",
          "prior.layers", 5,
          "prior.hidden", 64,
          "prior.dropout", 0.1,
          "recognition.layers", 2,
          "recognition.hidden", 32,
          "recognition.embedding", 32,
          "batch-size", 100,
          "samples", 10,
          "defensive", 0,
          "averaging", 0.998,
          "sleep", 0,
          "learning-rate", 1e-3,
          "epochs", 1_000_000,
          "steps", 2000,
          "validate-every", 200,
          "patience", 5,
          "pretrain-prior", 500,
          "scoring-samples", 200);

  private static final Map<String, Object> SKY =
      with(
          GAUSSIANS,
          "samples",
          10,
          "prior.layers",
          3,
          "prior.dropout",
          0.1,
          "prior.base",
          "student-t",
          "learning-rate",
          1e-3,
          "steps",
          2500,
          "validate-every",
          100,
          "patience",
          8,
          "batch-size",
          100);

  private static Job mixture(String set, long seed) {
    Map<String, Object> options =
        switch (set) {
          case "three-gaussians" -> pairs("components", 3, "tolerance", 1e-7);
          case "white", "red" ->
              pairs("most-components", 32, "starts", 1, "ridge", 0.3, "iterations", 200);
          default -> pairs("most-components", 16, "starts", 2, "ridge", 0.1, "iterations", 500);
        };
    return new Job(set, "xd-gmm", "xd-gmm", options, seed);
  }

  /** All jobs, the required ones first. */
  static List<Job> all() {
    List<Job> out = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      out.add(mixture("three-gaussians", seed));
    }
    for (String set : List.of("white", "red")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(mixture(set, seed));
      }
    }
    for (String set : List.of("gaia", "supernovae")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(mixture(set, seed));
      }
    }
    flow(out, "white", 1);
    flow(out, "white", 2);
    out.add(new Job("three-gaussians", "flow-iw50", "deconv-flow", GAUSSIANS, 1));
    for (String set : List.of("gaia", "supernovae")) {
      sky(out, set, 1);
      sky(out, set, 2);
    }
    flow(out, "red", 1);
    flow(out, "red", 2);
    // The same for four times as many steps.
    Map<String, Object> longer = with(GAUSSIANS, "steps", 10_000, "validate-every", 1000);
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-iw50-long", "deconv-flow", longer, seed));
    }
    // The paper's K: a bound that is nearer to log p(w), of smaller nets than the paper's.
    Map<String, Object> tight =
        with(
            TABLE,
            "samples",
            50,
            "defensive",
            0.1,
            "steps",
            6000,
            "validate-every",
            300,
            "patience",
            6);
    // Where the mixture ended: both nets first see its draws.
    Object[] start = {"pretrain-on", "mixture", "pretrain-prior", 6000, "pretrain-posterior", 2000};
    for (long seed = 1; seed <= 3; seed++) {
      Map<String, Object> started = with(GAUSSIANS, start);
      out.add(new Job("three-gaussians", "flow-from-mixture", "deconv-flow", started, seed));
    }
    // A recognition net that learns from what the prior draws, too.
    Map<String, Object> asleep = with(GAUSSIANS, "sleep", 8);
    Map<String, Object> asleepLonger = with(longer, "sleep", 8);
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-iw50-sleep", "deconv-flow", asleep, seed));
      out.add(
          new Job("three-gaussians", "flow-iw50-sleep-long", "deconv-flow", asleepLonger, seed));
    }
    for (String set : List.of("gaia", "supernovae")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(new Job(set, "flow-iw10-sleep", "deconv-flow", with(SKY, "sleep", 2), seed));
      }
    }
    for (String set : List.of("white", "red")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(new Job(set, "flow-iw10-sleep", "deconv-flow", with(TABLE, "sleep", 2), seed));
        Map<String, Object> both = with(with(TABLE, start), "defensive", 0.2, "sleep", 2);
        out.add(new Job(set, "flow-from-mixture-sleep", "deconv-flow", both, seed));
      }
    }
    // A recognition net that can have two modes.
    Map<String, Object> spline = splines(GAUSSIANS);
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-iw50-splines", "deconv-flow", spline, seed));
    }
    for (String set : List.of("white", "red")) {
      for (long seed = 1; seed <= 3; seed++) {
        Map<String, Object> started = with(with(TABLE, start), "defensive", 0.2);
        out.add(new Job(set, "flow-from-mixture", "deconv-flow", started, seed));
      }
    }
    // The same flow, of the noisy rows as if they had no noise.
    Map<String, Object> noisy = alone(tight);
    for (String set : List.of("white", "red")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(new Job(set, "flow-iw50", "deconv-flow", tight, seed));
        out.add(new Job(set, "flow-without-deconvolution", "maf", noisy, seed));
      }
    }
    // Not required: seeds, the paper's proposal without the noise's share, the weaker bound.
    for (long seed = 2; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-iw50", "deconv-flow", GAUSSIANS, seed));
    }
    Map<String, Object> paper = with(GAUSSIANS, "defensive", 0, "averaging", 0);
    Map<String, Object> cold = with(GAUSSIANS, "pretrain-prior", 0);
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-iw50-cold", "deconv-flow", cold, seed));
      out.add(new Job("three-gaussians", "flow-iw50-plain", "deconv-flow", paper, seed));
      out.add(
          new Job(
              "three-gaussians",
              "flow-elbo50",
              "deconv-flow",
              with(GAUSSIANS, "objective", "elbo"),
              seed));
      out.add(
          new Job(
              "three-gaussians",
              "gmm-flow-posterior",
              "deconv-flow",
              with(
                  without(GAUSSIANS, "prior."),
                  "prior",
                  "gaussian-mixture",
                  "prior.components",
                  3,
                  "objective",
                  "elbo"),
              seed));
    }
    // Table 2: started from noise-free rows, then fitted. The likelihood by some rows at a time has
    // the part of the exact posterior there.
    Map<String, Object> clean =
        with(GAUSSIANS, "pretrain-prior", 6000, "pretrain-posterior", 2000, "steps", 1);
    Map<String, Object> fitted = with(clean, "steps", 2500);
    for (long seed = 1; seed <= 3; seed++) {
      out.add(new Job("three-gaussians", "flow-pretrained", "deconv-flow", clean, seed));
      out.add(new Job("three-gaussians", "flow-pretrained-fitted", "deconv-flow", fitted, seed));
      out.add(
          new Job(
              "three-gaussians",
              "flow-pretrained-fitted-sleep",
              "deconv-flow",
              with(fitted, "sleep", 8),
              seed));
      out.add(
          new Job(
              "three-gaussians",
              "xd-gmm-online",
              "xd-gmm",
              pairs("components", 3, "variant", "online", "tolerance", 0, "iterations", 30),
              seed));
    }
    for (String set : List.of("white", "red", "gaia", "supernovae")) {
      flow(out, set, 3);
    }
    // The paper's K and nets, for a machine with time.
    Map<String, Object> full =
        with(
            TABLE,
            "prior.hidden",
            128,
            "recognition.layers",
            4,
            "recognition.hidden",
            128,
            "recognition.embedding",
            64,
            "samples",
            50,
            "steps",
            20_000,
            "validate-every",
            500,
            "patience",
            10);
    for (String set : List.of("white", "red")) {
      for (long seed = 1; seed <= 3; seed++) {
        out.add(new Job(set, "flow-iw50-full", "deconv-flow", full, seed));
      }
    }
    return out;
  }

  /** The prior's options as an estimator of its own takes them, and those of its training. */
  private static Map<String, Object> alone(Map<String, Object> some) {
    Map<String, Object> out = new TreeMap<>();
    some.forEach(
        (key, value) -> {
          if (key.startsWith("prior.")) {
            out.put(key.substring("prior.".length()), value);
          }
        });
    for (String key :
        List.of("batch-size", "learning-rate", "epochs", "steps", "validate-every", "patience")) {
      out.put(key, some.get(key));
    }
    return out;
  }

  /** The same with splines in the recognition net, instead of affine maps. */
  private static Map<String, Object> splines(Map<String, Object> some) {
    return with(
        without(some, "recognition."),
        "recognition",
        "nsf-coupling",
        "recognition.layers",
        3,
        "recognition.hidden",
        64);
  }

  private static Map<String, Object> without(Map<String, Object> some, String prefix) {
    Map<String, Object> out = new TreeMap<>(some);
    out.keySet().removeIf(key -> key.startsWith(prefix));
    return out;
  }

  private static void flow(List<Job> out, String set, long seed) {
    if (set.equals("gaia") || set.equals("supernovae")) {
      sky(out, set, seed);
    } else {
      out.add(new Job(set, "flow-iw10", "deconv-flow", TABLE, seed));
    }
  }

  private static void sky(List<Job> out, String set, long seed) {
    out.add(new Job(set, "flow-iw10", "deconv-flow", SKY, seed));
  }
}
