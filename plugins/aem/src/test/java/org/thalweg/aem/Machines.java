package org.thalweg.aem;

import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.train.ParameterStore;

/** Small machines, built or fitted. */
final class Machines {
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Registry REGISTRY =
      Registry.builder().add(new AemPlugin(), new PluginOrigin("aem", "0", "test")).build();

  private Machines() {}

  /** Small nets and a short training, with some options changed. */
  static AemConfig config(Object... options) {
    AemConfig small =
        ConfigBinder.bind(
            AemConfig.DEFAULT,
            Map.ofEntries(
                Map.entry("hidden", 24),
                Map.entry("blocks", 1),
                Map.entry("energy-hidden", 24),
                Map.entry("energy-blocks", 1),
                Map.entry("code-size", 6),
                Map.entry("components", 3),
                Map.entry("epochs", 20),
                Map.entry("batch-size", 100),
                Map.entry("learning-rate", 3e-3),
                Map.entry("scoring-samples", 200),
                Map.entry("kernels", 200)));
    java.util.Map<String, Object> changed = new java.util.TreeMap<>();
    for (int i = 0; i < options.length; i += 2) {
      changed.put((String) options[i], options[i + 1]);
    }
    return ConfigBinder.bind(small, changed);
  }

  /** Nets whose weights are those of no fresh one. */
  static AemNets nets(AemConfig config, int dimension, int context, ParameterStore store) {
    AemNets nets = AemNets.build(config, dimension, context, store);
    disturb(store);
    return nets;
  }

  static void disturb(ParameterStore store) {
    double[] memory = store.snapshot();
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < memory.length; i++) {
      memory[i] += 0.2 * random.nextGaussian();
    }
    store.restore(memory);
  }

  static ParameterStore store(Engine engine) {
    return new ParameterStore(engine, new Seed(3));
  }

  static AemModel fit(AemConfig config, Dataset data, Engine engine) {
    return fit(config, data, FitOptions.seed(5), FitListener.SILENT, engine);
  }

  static AemModel fit(
      AemConfig config, Dataset data, FitOptions options, FitListener listener, Engine engine) {
    return (AemModel)
        new AemProvider()
            .create(config, new EstimatorContext(engine, REGISTRY))
            .fit(data, options, listener);
  }

  /** Two columns on a noisy parabola. */
  static Dataset parabola(int rows) {
    SplittableRandom random = new SplittableRandom(32);
    double[] x = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      x[2 * i] = random.nextGaussian();
      x[2 * i + 1] = 0.5 * x[2 * i] * x[2 * i] + 0.5 * random.nextGaussian();
    }
    return Dataset.of(new Matrix(rows, 2, x));
  }

  /** Uniform on the black squares of a board of 4 x 4 squares on [-2, 2]^2: -log 8 nats. */
  static Dataset board(int rows) {
    SplittableRandom random = new SplittableRandom(33);
    double[] x = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      x[2 * i] = 4 * random.nextDouble() - 2;
      int odd = Math.floorMod((int) Math.floor(x[2 * i]), 2);
      x[2 * i + 1] = -2 + 2 * random.nextInt(2) + odd + random.nextDouble();
    }
    return Dataset.of(new Matrix(rows, 2, x));
  }

  static double[] normal(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextGaussian();
    }
    return out;
  }

  static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }
}
