package org.thalweg.bench.gpu;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;

/** What is trained in steps of a batch, and then scores rows that it was not trained on. */
interface Work {
  /** The origin of all that is random. */
  Seed SEED = new Seed(20);

  /** Options of steps that are all alike and go on until somebody ends them. */
  Map<String, Object> ENDLESS =
      Map.of(
          "epochs", 1_000_000_000,
          "validate-every", 1_000_000_000,
          "schedule", "constant",
          "patience", 0);

  /** The name of what is trained. */
  String estimator();

  /** Rows in a step. */
  int batch();

  /** As it is called among the results. */
  default String name() {
    return estimator() + " " + batch();
  }

  /**
   * Trains.
   *
   * @param steps the most that are taken
   * @param listener hears of the steps that are to be measured, and may end them
   */
  Trained train(Engine engine, Registry registry, long steps, FitListener listener);

  /** What came of it. */
  interface Trained extends AutoCloseable {
    /** The log-densities of the first so many of a batch of rows. */
    double[] score(int rows);

    /** The same, stored and read again on another engine. */
    Trained moved(Engine engine, Registry registry) throws IOException;

    @Override
    void close();
  }

  /** An estimator or a method with its default sizes. */
  static Work of(String name, int columns, int batch) {
    return name.equals(PosteriorWork.METHOD)
        ? new PosteriorWork(columns, batch)
        : new TableWork(name, columns, batch);
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
