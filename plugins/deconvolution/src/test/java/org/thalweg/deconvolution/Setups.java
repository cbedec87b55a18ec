package org.thalweg.deconvolution;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;

/** What the tests have in common. */
final class Setups {
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Registry REGISTRY =
      Registry.builder()
          .add(new MafPlugin(), origin("maf"))
          .add(new SplinesPlugin(), origin("splines"))
          .add(new DeconvolutionPlugin(), origin("deconvolution"))
          .build();

  private Setups() {}

  private static PluginOrigin origin(String name) {
    return new PluginOrigin(name, "test", "test");
  }

  static EstimatorContext context(Engine engine) {
    return new EstimatorContext(engine, REGISTRY);
  }

  static Map<String, Object> options(Object... keysAndValues) {
    Map<String, Object> out = new TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      out.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return out;
  }

  static DeconvFlowConfig flow(Object... keysAndValues) {
    return ConfigBinder.bind(DeconvFlowConfig.DEFAULT, options(keysAndValues));
  }

  static XdGmmConfig mixture(Object... keysAndValues) {
    return ConfigBinder.bind(XdGmmConfig.DEFAULT, options(keysAndValues));
  }

  static double[] normals(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = random.nextGaussian();
    }
    return out;
  }

  /** Features x0, x1, ... with noise columns in one of the two roles. */
  static Schema schema(int d, Role noise) {
    List<Column> columns = new ArrayList<>(Schema.features(d).columns());
    int count = noise == Role.NOISE_SD ? d : d * d;
    for (int j = 0; j < count; j++) {
      columns.add(new Column("e" + j, noise, Kind.REAL, java.util.OptionalDouble.empty()));
    }
    return new Schema(columns);
  }

  static Dataset noisy(Matrix features, Noise noise) {
    Role role = noise instanceof Noise.Full ? Role.NOISE_COV : Role.NOISE_SD;
    return new Dataset(schema(features.columns(), role), rows(features, noise));
  }

  static Rows rows(Matrix features, Noise noise) {
    return new Rows(
        features, Matrix.zeros(features.rows(), 0), noise, Optional.empty(), Optional.empty());
  }

  /** By Simpson's rule over an even number of intervals. */
  static double integral(DoubleUnaryOperator f, double from, double to, int intervals) {
    double h = (to - from) / intervals;
    double sum = f.applyAsDouble(from) + f.applyAsDouble(to);
    for (int i = 1; i < intervals; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * f.applyAsDouble(from + i * h);
    }
    return sum * h / 3;
  }

  static double normal(double x, double mean, double variance) {
    return Math.exp(-0.5 * (x - mean) * (x - mean) / variance) / Math.sqrt(2 * Math.PI * variance);
  }

  static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }

  /** Interrupts once it has heard of so many steps. */
  static FitListener impatient(int after) {
    return new FitListener() {
      private int steps;

      @Override
      public void on(FitEvent event) {
        steps += event instanceof FitEvent.Stepped ? 1 : 0;
      }

      @Override
      public boolean interrupted() {
        return steps >= after;
      }
    };
  }

  /**
   * Rows of one number about -1 and 1, s.d. 0.1, as they are and with noise.
   *
   * @param clean {@code [n, 1]}
   * @param noisy the same with noise
   */
  record TwoPeaks(Matrix clean, Dataset noisy) {
    static TwoPeaks of(int n, double noise) {
      SplittableRandom random = new SplittableRandom(6);
      double[] v = new double[n];
      double[] w = new double[n];
      for (int i = 0; i < n; i++) {
        v[i] = (random.nextBoolean() ? -1 : 1) + 0.1 * random.nextGaussian();
        w[i] = v[i] + noise * random.nextGaussian();
      }
      return new TwoPeaks(new Matrix(n, 1, v), Dataset.of(new Matrix(n, 1, w)));
    }
  }
}
