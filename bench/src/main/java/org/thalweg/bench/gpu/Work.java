package org.thalweg.bench.gpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * An estimator with its default sizes at a batch size, on rows of correlated normal columns.
 *
 * @param estimator its name
 * @param columns the number of features
 * @param batch rows in a step
 */
record Work(String estimator, int columns, int batch) {
  private static final long SEED = 20;
  private static final long ENDLESS = 1_000_000_000L;

  Work withBatch(int rows) {
    return new Work(estimator, columns, rows);
  }

  /** As many training rows as a batch has, at least some thousands. */
  Dataset data() {
    return Dataset.of(matrix(Math.max(batch, 4096), SEED));
  }

  /** Rows that were not trained on, as many as a batch has. */
  Rows rows() {
    return Rows.of(matrix(batch, SEED + 1));
  }

  private Matrix matrix(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix out = Matrix.zeros(rows, columns);
    double[] values = out.values();
    for (int i = 0; i < rows; i++) {
      double common = random.nextGaussian();
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = 0.5 * common + random.nextGaussian() + 0.1 * common * common;
      }
    }
    return out;
  }

  /** A fit of so many steps at most. */
  Model fit(Engine engine, Registry registry, long steps, FitListener listener) {
    return estimator(engine, registry, steps)
        .fit(data(), FitOptions.seed(SEED).withSplit(new Split(1, 0, 0)), listener);
  }

  Model endless(Engine engine, Registry registry, FitListener listener) {
    return fit(engine, registry, ENDLESS, listener);
  }

  /** The log-densities of rows under the model's usual density. */
  static double[] score(Model model, Rows rows) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), rows, new Seed(SEED)).values();
  }

  private Estimator estimator(Engine engine, Registry registry, long steps) {
    return made(registry.estimator(estimator), engine, registry, steps);
  }

  private <C extends Record> Estimator made(
      EstimatorProvider<C> provider, Engine engine, Registry registry, long steps) {
    C defaults = provider.defaults();
    Map<String, Object> set = new HashMap<>();
    Map<String, ?> known = ConfigBinder.flatten(defaults);
    for (Map.Entry<String, Object> option :
        Map.<String, Object>of(
                "batch-size",
                batch,
                "steps",
                steps,
                "epochs",
                1_000_000_000,
                "validate-every",
                1_000_000_000,
                "schedule",
                "constant",
                "patience",
                0)
            .entrySet()) {
      if (known.containsKey(option.getKey())) {
        set.put(option.getKey(), option.getValue());
      }
    }
    return provider.create(
        ConfigBinder.bind(defaults, set), new EstimatorContext(engine, registry));
  }

  /** The median and half the distance of the quartiles. */
  static double[] summary(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new double[] {
      sorted[n / 2], n < 4 ? Double.NaN : 0.5 * (sorted[3 * n / 4] - sorted[n / 4])
    };
  }
}
