package org.thalweg.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;

/**
 * An estimator on rows of correlated normal columns.
 *
 * @param estimator its name
 * @param columns the number of features
 * @param batch rows in a step
 * @param set options beside the defaults
 */
record TableWork(String estimator, int columns, int batch, Map<String, Object> set)
    implements Work {
  /** With default sizes. */
  TableWork(String estimator, int columns, int batch) {
    this(estimator, columns, batch, Map.of());
  }

  @Override
  public Trained train(Engine engine, Registry registry, long steps, FitListener listener) {
    Model model =
        estimator(engine, registry, steps)
            .fit(
                Dataset.of(matrix(Math.max(batch, 4096), SEED.value())),
                FitOptions.seed(SEED.value()).withSplit(new Split(1, 0, 0)),
                listener);
    return new Scoring(model, matrix(batch, SEED.value() + 1), registry);
  }

  private record Scoring(Model model, Matrix unseen, Registry registry) implements Trained {
    @Override
    public double[] score(int rows) {
      LogDensity density = model.as(LogDensity.class);
      return density
          .logDensity(density.densities().get(0), Rows.of(unseen.slice(0, rows)), SEED)
          .values();
    }

    @Override
    public Trained moved(Engine engine, Registry all) throws IOException {
      Path file = Files.createTempDirectory("thalweg").resolve("m.thalweg");
      try {
        ModelFile.save(file, model, registry, Map.of());
        Model read = ModelFile.load(file, new EstimatorContext(engine, all)).model();
        return new Scoring(read, unseen, all);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
      }
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** Rows, with other numbers for another seed. */
  static Matrix matrix(int rows, int columns, long seed) {
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

  private Matrix matrix(int rows, long seed) {
    return matrix(rows, columns, seed);
  }

  private Estimator estimator(Engine engine, Registry registry, long steps) {
    return made(registry.estimator(estimator), engine, registry, steps);
  }

  private <C extends Record> Estimator made(
      EstimatorProvider<C> provider, Engine engine, Registry registry, long steps) {
    C defaults = provider.defaults();
    Map<String, Object> all = new HashMap<>(ENDLESS);
    all.put("batch-size", batch);
    all.put("steps", steps);
    // Of endless steps all would be of aem's proposal alone.
    all.put("warm-up", 0);
    all.keySet().retainAll(ConfigBinder.flatten(defaults).keySet());
    all.putAll(set);
    return provider.create(
        ConfigBinder.bind(defaults, all), new EstimatorContext(engine, registry));
  }
}
