package com.acme.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.random.Seed;
import org.thalweg.tck.Installed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;

/** Thalweg's estimators that are made of flows take a third party's by its name. */
class AcmeInsideTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  private static final Registry REGISTRY = Installed.registry();
  private static final int ROWS = 600;

  /** An estimator, the part of it that is a third party's, and its other options. */
  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of(
            "deconv-flow",
            "prior",
            Map.of(
                "noise-sd",
                "0.2",
                "samples",
                4,
                "scoring-samples",
                20,
                "averaging",
                0.9,
                "recognition.layers",
                1,
                "recognition.hidden",
                8,
                "recognition.embedding",
                0)),
        Arguments.of(
            "deconv-flow",
            "recognition",
            Map.of(
                "noise-sd",
                "0.2",
                "samples",
                4,
                "scoring-samples",
                20,
                "averaging",
                0.9,
                "prior.layers",
                1,
                "prior.hidden",
                16)),
        Arguments.of("dnf", "flow", Map.of("dimension", 1, "sigma", 0.2)),
        Arguments.of("dnf", "latent", Map.of("dimension", 1, "sigma", 0.2, "flow.layers", 2)),
        Arguments.of("m-flow", "flow", Map.of("dimension", 1)),
        Arguments.of("vmonf", "flow", Map.of("components", 2, "hidden", 16, "blocks", 1)));
  }

  private static Dataset table() {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[2 * ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[2 * i] = random.nextGaussian();
      x[2 * i + 1] = 0.5 * x[2 * i] * x[2 * i] + 0.3 * random.nextGaussian();
    }
    return Dataset.of(new Matrix(ROWS, 2, x));
  }

  private static <C extends Record> Estimator create(
      EstimatorProvider<C> provider, Map<String, Object> options) {
    return provider.create(
        ConfigBinder.bind(provider.defaults(), options), new EstimatorContext(ENGINE, REGISTRY));
  }

  private static double[] scores(Model model) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), table().rows(), new Seed(2)).values();
  }

  @ParameterizedTest
  @MethodSource("places")
  void aFlowOfAnotherPluginIsFittedAndSaved(
      String estimator, String part, Map<String, Object> more, @TempDir Path directory) {
    Map<String, Object> options = new TreeMap<>(more);
    options.putAll(Map.of("epochs", 4, "batch-size", 100, "learning-rate", 5e-3));
    options.put(part, "acme-flow");
    options.put(part + ".transform.hidden", 16);
    Path file = directory.resolve("model.thalweg");
    double[] scored;
    try (Model model =
        create(REGISTRY.estimator(estimator), options)
            .fit(table(), FitOptions.seed(3), FitListener.SILENT)) {
      scored = scores(model);
      assertTrue(Arrays.stream(scored).noneMatch(Double::isNaN), "scores");
      Matrix drawn = model.as(Sampler.class).sample(100, Matrix.zeros(1, 0), new Seed(4));
      assertTrue(Arrays.stream(drawn.values()).allMatch(Double::isFinite), "samples");
      ModelFile.save(file, model, REGISTRY, Map.of());
    }
    EstimatorContext context = new EstimatorContext(ENGINE, REGISTRY);
    try (Model loaded = ModelFile.load(file, context).model()) {
      assertArrayEquals(scored, scores(loaded));
    }
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> ModelFile.load(file, new EstimatorContext(ENGINE, without())).model());
    assertTrue(refusal.getMessage().contains("acme-flow"), refusal.getMessage());
  }

  /** All that is installed, but for this plugin. */
  private static Registry without() {
    Registry.Builder builder = Registry.builder();
    java.util.ServiceLoader.load(ThalwegPlugin.class).stream()
        .map(java.util.ServiceLoader.Provider::get)
        .filter(plugin -> !(plugin instanceof AcmePlugin))
        .forEach(
            plugin -> builder.add(plugin, new PluginOrigin(plugin.toString(), "test", "test")));
    return builder.build();
  }
}
