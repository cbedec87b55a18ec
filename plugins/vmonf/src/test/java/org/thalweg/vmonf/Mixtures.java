package org.thalweg.vmonf;

import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;

/** Small mixtures of small flows. */
final class Mixtures {
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Registry REGISTRY =
      Registry.builder()
          .add(new VmonfPlugin(), new PluginOrigin("vmonf", "0", "test"))
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .build();

  private Mixtures() {}

  static VmonfConfig config(Object... options) {
    Map<String, Object> changed =
        new TreeMap<>(
            Map.of(
                "components", 2,
                "flow.layers", 2,
                "flow.hidden", 16,
                "hidden", 16,
                "blocks", 1,
                "epochs", 20,
                "batch-size", 100,
                "learning-rate", 5e-3,
                "temperature", 1));
    for (int i = 0; i < options.length; i += 2) {
      changed.put((String) options[i], options[i + 1]);
    }
    if (changed.containsKey("flow")) {
      changed.remove("flow.layers");
      changed.remove("flow.hidden");
    }
    return ConfigBinder.bind(VmonfConfig.DEFAULT, changed);
  }

  static VmonfModel fit(
      VmonfConfig config, Dataset data, FitOptions options, FitListener listener, Engine engine) {
    return (VmonfModel)
        new VmonfProvider()
            .create(config, new EstimatorContext(engine, REGISTRY))
            .fit(data, options, listener);
  }

  static VmonfModel fit(VmonfConfig config, Dataset data) {
    return fit(config, data, FitOptions.seed(5), FitListener.SILENT, SINGLE);
  }

  /** Gaussians about (-4, 0) and (4, 0), in turn; the class of a row is its number modulo 2. */
  static Matrix two(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      x[2 * i] = (i % 2 == 0 ? -4 : 4) + random.nextGaussian();
      x[2 * i + 1] = random.nextGaussian();
    }
    return new Matrix(rows, 2, x);
  }

  static Dataset labelled(Matrix rows, int[] labels) {
    return new Dataset(
        Schema.features(rows.columns()),
        new Rows(
            rows, Matrix.zeros(rows.rows(), 0), Noise.NONE, Optional.empty(), Optional.of(labels)));
  }
}
