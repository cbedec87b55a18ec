package org.thalweg.dnf;

import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
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
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;

/** Sets on lines and curves, and short fits to them. */
final class Manifolds {
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Registry REGISTRY =
      Registry.builder()
          .add(new DnfPlugin(), new PluginOrigin("dnf", "0", "test"))
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .build();

  private Manifolds() {}

  /** Options with which small nets are trained in seconds. */
  static Map<String, Object> options(Object... changed) {
    Map<String, Object> out =
        new TreeMap<>(
            Map.of(
                "flow.layers", 3,
                "flow.hidden", 24,
                "latent.layers", 2,
                "latent.hidden", 16,
                "epochs", 40,
                "batch-size", 100,
                "learning-rate", 5e-3));
    for (int i = 0; i < changed.length; i += 2) {
      out.put((String) changed[i], changed[i + 1]);
    }
    return out;
  }

  /** Linear flows: what they learn is known in closed form. */
  static Map<String, Object> linear(Object... changed) {
    Map<String, Object> out =
        new TreeMap<>(
            Map.of(
                "flow",
                "flow",
                "flow.transforms",
                "qr-linear",
                "flow.repeat",
                1,
                "latent",
                "flow",
                "latent.transforms",
                "actnorm",
                "latent.repeat",
                1,
                "dimension",
                1,
                "epochs",
                150,
                "batch-size",
                250,
                "learning-rate",
                1e-2));
    for (int i = 0; i < changed.length; i += 2) {
      out.put((String) changed[i], changed[i + 1]);
    }
    return out;
  }

  static ManifoldModel dnf(Map<String, Object> options, Dataset data, Engine engine) {
    return fit(new DnfProvider(), options, data, engine);
  }

  static ManifoldModel mFlow(Map<String, Object> options, Dataset data, Engine engine) {
    return fit(new MFlowProvider(), options, data, engine);
  }

  private static <C extends Record> ManifoldModel fit(
      ManifoldProvider<C> provider, Map<String, Object> options, Dataset data, Engine engine) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    return (ManifoldModel)
        provider
            .create(config, new EstimatorContext(engine, REGISTRY))
            .fit(data, FitOptions.seed(5), FitListener.SILENT);
  }

  /** Rows of {@code (1, 2, 2) s} with s normal: a line, on which 3 s is the length. */
  static Matrix line(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[3 * rows];
    for (int i = 0; i < rows; i++) {
      double s = random.nextGaussian();
      out[3 * i] = s;
      out[3 * i + 1] = 2 * s;
      out[3 * i + 2] = 2 * s;
    }
    return new Matrix(rows, 3, out);
  }

  /** Rows {@code (t, t^2 / 2)} with t normal, in some unit: half a parabola on either side. */
  static Matrix parabola(int rows, double unit, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      double t = random.nextGaussian();
      out[2 * i] = unit * t;
      out[2 * i + 1] = unit * 0.5 * t * t;
    }
    return new Matrix(rows, 2, out);
  }
}
