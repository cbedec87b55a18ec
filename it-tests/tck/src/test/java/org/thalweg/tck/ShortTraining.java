package org.thalweg.tck;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

/** Every estimator with options for a fit of a second or two. */
final class ShortTraining {
  /** An estimator of images takes a table's columns as the channels of one pixel. */
  private static final Map<String, Object> WANTED =
      Map.ofEntries(
          Map.entry("epochs", 15),
          Map.entry("batch-size", 100),
          Map.entry("learning-rate", 5e-3),
          Map.entry("hidden", 32),
          Map.entry("layers", 3),
          Map.entry("height", 1),
          Map.entry("width", 1),
          Map.entry("preprocess", "standardise"),
          Map.entry("energy-hidden", 32),
          Map.entry("flow.layers", 2),
          Map.entry("flow.hidden", 16),
          Map.entry("latent.layers", 2),
          Map.entry("latent.hidden", 16),
          Map.entry("sigma", 0.2),
          Map.entry("scoring-samples", 200),
          Map.entry("kernels", 200));

  private ShortTraining() {}

  static Stream<Choice> estimators() {
    Registry registry = Installed.registry();
    Map<String, Object> normalised = options(registry, "maf");
    normalised.put("normalise", "batch-norm");
    return Stream.concat(
        registry.all(Registry.Kind.ESTIMATOR).keySet().stream()
            .map(name -> new Choice(name, options(registry, name))),
        // Its statistics are stored, and kept from being taken over shares of a batch.
        Stream.of(new Choice("maf", normalised)));
  }

  /** Without errors that all rows share. */
  static Choice withErrorsOfRows(Choice subject) {
    Map<String, Object> options = new TreeMap<>(subject.options());
    options.keySet().removeAll(Set.of("noise-sd", "noise-covariance"));
    return new Choice(subject.name(), options);
  }

  private static Map<String, Object> options(Registry registry, String name) {
    Map<String, Object> known = ConfigBinder.flatten(registry.estimator(name).defaults());
    Map<String, Object> out = new TreeMap<>(WANTED);
    out.keySet().retainAll(known.keySet());
    if (name.equals("diffusion")) {
      // An image is something that it may take, not what it must. Hundreds of thousands of rows
      // are scored, each by solving an equation, and are to add up to 1e-3.
      out.keySet().removeAll(Set.of("height", "width", "preprocess"));
      out.putAll(
          Map.of("blocks", 1, "frequencies", 4, "tolerance", 1e-4, "judged", 100, "epochs", 30));
    }
    if (name.equals("deconv-flow")) {
      // The errors are small beside the columns; its flows are chosen by name.
      out.putAll(
          Map.of(
              "noise-sd", 0.2,
              "prior.hidden", 32,
              "prior.layers", 3,
              "recognition.hidden", 16,
              "recognition.layers", 1,
              "recognition.embedding", 8,
              "samples", 4,
              "averaging", 0.9,
              "scoring-samples", 10));
    }
    if (name.equals("xd-gmm")) {
      out.putAll(Map.of("noise-sd", 0.2, "most-components", 4, "starts", 2));
    }
    return out;
  }
}
