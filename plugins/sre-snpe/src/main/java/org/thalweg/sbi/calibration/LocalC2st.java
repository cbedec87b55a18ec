package org.thalweg.sbi.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.metric.Classifier;
import org.thalweg.toolkit.train.Workers;

/**
 * The local classifier two-sample test (Linhart, Gramfort and Rodrigues 2023): a classifier tells
 * (parameters, data) of the simulator from (draws of the posterior, data). At the observation it
 * says 1/2 of every draw where the posterior is right there. What chance alone gives is measured on
 * classifiers that tell two sets of draws apart.
 */
public final class LocalC2st {
  /** A p-value below 1/40 would need more classifiers than that. */
  private static final double THRESHOLD = 0.05;

  private static final int HIDDEN = 32;

  /** Longer, and the net learns the rows by heart, which tells nothing of the draws. */
  private static final int EPOCHS = 40;

  private static final int EVALUATED = 500;

  private LocalC2st() {}

  /**
   * Tests at one observation.
   *
   * @param truth simulations that the posterior was not trained on, a thousand or more
   * @param draws the posterior
   * @param observation X numbers
   * @param nulls how many classifiers measure chance, 39 or more for a p-value of 0.025
   * @param threads that train them
   */
  public static Finding run(
      JointDraws truth,
      ConditionalDraws draws,
      double[] observation,
      int nulls,
      int threads,
      Seed seed) {
    if (nulls < 1) {
      throw ThalwegException.usage("A local test needs one null at least, got %d.", nulls);
    }
    int n = truth.size();
    // Two draws an observation: the one that is tested, and the one that chance is measured with.
    Matrix pairs = draws.sample(2, truth.observations(), seed.child("draws"));
    Matrix first = pairs.select(IntStream.range(0, n).map(i -> 2 * i).toArray());
    Matrix second = pairs.select(IntStream.range(0, n).map(i -> 2 * i + 1).toArray());
    Matrix local = draws.sample(EVALUATED, Matrix.of(observation), seed.child("local"));
    Rows rows = new Rows(truth, local, observation);
    double[] own = rows.probabilities(truth.parameters(), first, seed.child("own"));
    List<double[]> chance;
    try (Workers workers = new Workers(threads)) {
      chance = workers.map(nulls, r -> rows.ofChance(first, second, seed.child("null").child(r)));
    }
    double statistic = statistic(own);
    long larger = chance.stream().filter(of -> statistic(of) >= statistic).count();
    double p = (larger + 1.0) / (nulls + 1);
    boolean fails = p < THRESHOLD;
    String sentence =
        String.format(
            Locale.ROOT,
            fails
                ? "The local two-sample test fails at the observation (p = %.3f): a classifier sees"
                    + " that draws are not the posterior's."
                : "The local two-sample test passes at the observation (p = %.2f).",
            p);
    return new Finding(
        "local_c2st_p",
        p,
        THRESHOLD,
        fails ? Verdict.DOUBTFUL : Verdict.TRUST,
        sentence,
        Optional.of(picture(own, chance)));
  }

  /** The mean squared distance of probabilities from 1/2. */
  private static double statistic(double[] probabilities) {
    return Arrays.stream(probabilities).map(p -> (p - 0.5) * (p - 0.5)).average().orElseThrow();
  }

  /** Sorted probabilities, between the lowest and the highest that chance gave at each share. */
  private static Picture picture(double[] own, List<double[]> chance) {
    int n = own.length;
    double[] share = IntStream.range(0, n).mapToDouble(i -> (i + 0.5) / n).toArray();
    double[] low = new double[n];
    double[] high = new double[n];
    for (int i = 0; i < n; i++) {
      int at = i;
      low[i] = chance.stream().mapToDouble(of -> of[at]).min().orElseThrow();
      high[i] = chance.stream().mapToDouble(of -> of[at]).max().orElseThrow();
    }
    return new Picture(
        "Local two-sample test at the observation",
        "share of the posterior's draws",
        "probability of being one, by the classifier",
        List.of(
            new Picture.Curve("chance, lowest", share, low),
            new Picture.Curve("chance, highest", share, high),
            new Picture.Curve("measured", share, own)));
  }

  /** Rows of parameters and data in the units of the simulations. */
  private static final class Rows {
    private final Matrix data;
    private final double[] parameterMiddle;
    private final double[] parameterScale;
    private final double[] dataMiddle;
    private final double[] dataScale;
    private final float[] evaluated;

    Rows(JointDraws truth, Matrix local, double[] observation) {
      data = truth.observations();
      parameterMiddle = Scales.medians(truth.parameters());
      parameterScale = Scales.robust(truth.parameters());
      dataMiddle = Scales.medians(data);
      dataScale = Scales.robust(data);
      evaluated = new float[local.rows() * width()];
      for (int i = 0; i < local.rows(); i++) {
        put(evaluated, i, local.row(i), observation);
      }
    }

    private int width() {
      return parameterScale.length + dataScale.length;
    }

    private void put(float[] out, int row, double[] parameters, double[] x) {
      int at = row * width();
      for (int j = 0; j < parameters.length; j++) {
        out[at++] = (float) ((parameters[j] - parameterMiddle[j]) / parameterScale[j]);
      }
      for (int j = 0; j < x.length; j++) {
        out[at++] = (float) ((x[j] - dataMiddle[j]) / dataScale[j]);
      }
    }

    /** The same of two sets of draws: exchanging the two of some rows makes a new null of them. */
    double[] ofChance(Matrix first, Matrix second, Seed seed) {
      var random = seed.child("exchange").generator();
      int d = first.columns();
      Matrix a = new Matrix(first.rows(), d, first.values().clone());
      Matrix b = new Matrix(first.rows(), d, second.values().clone());
      for (int i = 0; i < first.rows(); i++) {
        if (random.nextBoolean()) {
          System.arraycopy(second.values(), i * d, a.values(), i * d, d);
          System.arraycopy(first.values(), i * d, b.values(), i * d, d);
        }
      }
      return probabilities(a, b, seed);
    }

    /** The classifier's probabilities at the observation that a draw is of the second, sorted. */
    double[] probabilities(Matrix a, Matrix b, Seed seed) {
      int n = data.rows();
      float[] joined = new float[2 * n * width()];
      boolean[] second = new boolean[2 * n];
      for (int i = 0; i < n; i++) {
        put(joined, i, a.row(i), data.row(i));
        put(joined, n + i, b.row(i), data.row(i));
        second[n + i] = true;
      }
      Classifier net = Classifier.train(joined, second, width(), HIDDEN, EPOCHS, seed);
      return Arrays.stream(net.probability(evaluated)).sorted().toArray();
    }
  }
}
