package org.thalweg.sbi.metric;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.thalweg.api.random.Seed;

/**
 * A net of two hidden layers of rectified units that tells two sets of rows apart, trained as
 * scikit-learn trains its {@code MLPClassifier} with default options ({@link ClassifierTraining}).
 */
public final class Classifier {
  /** Rows that go through the net at once. */
  static final int BATCH = 200;

  /** More epochs than any training takes. */
  static final int UNTIL_DONE = 10_000;

  final int inputs;
  final int hidden;

  /** {@code [inputs, hidden]}, biases {@code [1, hidden]}, and so on, the output last. */
  final float[][][] weights;

  private Classifier(int inputs, int hidden, RandomGenerator random) {
    this.inputs = inputs;
    this.hidden = hidden;
    weights =
        new float[][][] {
          uniform(inputs, hidden, inputs + hidden, random),
          uniform(1, hidden, inputs + hidden, random),
          uniform(hidden, hidden, 2 * hidden, random),
          uniform(1, hidden, 2 * hidden, random),
          uniform(1, hidden, hidden + 1, random),
          uniform(1, 1, hidden + 1, random),
        };
  }

  /** Glorot and Bengio's range, for weights and biases alike. */
  private static float[][] uniform(int rows, int columns, int fans, RandomGenerator random) {
    float[][] out = new float[rows][columns];
    float bound = (float) Math.sqrt(6.0 / fans);
    for (float[] row : out) {
      for (int i = 0; i < columns; i++) {
        row[i] = bound * (2 * random.nextFloat() - 1);
      }
    }
    return out;
  }

  /**
   * Trains.
   *
   * @param rows {@code [N, inputs]}, row-major, standardised
   * @param second for each row whether it is of the second set
   * @param inputs D
   * @param hidden units of each hidden layer
   * @param epochs how many at most
   * @param seed of weights and order
   */
  public static Classifier train(
      float[] rows, boolean[] second, int inputs, int hidden, int epochs, Seed seed) {
    Classifier out = new Classifier(inputs, hidden, seed.child("weights").generator());
    new ClassifierTraining(out, rows, second, seed.child("order").generator()).run(epochs);
    return out;
  }

  /** The probability of each row {@code [N, inputs]} to be of the second set. */
  public double[] probability(float[] rows) {
    int n = rows.length / inputs;
    Layers layers = new Layers(Math.min(n, BATCH));
    double[] out = new double[n];
    for (int from = 0; from < n; from += BATCH) {
      int m = Math.min(BATCH, n - from);
      for (int i = 0; i < m; i++) {
        layers.put(i, rows, (from + i) * inputs);
      }
      layers.forward(m);
      System.arraycopy(layers.probability, 0, out, from, m);
    }
    return out;
  }

  /** The values within the net for a batch: a row for each unit, a column for each row of data. */
  final class Layers {
    final float[][] x;
    final float[][] first;
    final float[][] second;
    final double[] probability;
    private final float[][] logit;

    Layers(int rows) {
      x = new float[inputs][rows];
      first = new float[hidden][rows];
      second = new float[hidden][rows];
      logit = new float[1][rows];
      probability = new double[rows];
    }

    /** The row that begins at an index becomes row i of the batch. */
    void put(int i, float[] rows, int at) {
      for (int j = 0; j < inputs; j++) {
        x[j][i] = rows[at + j];
      }
    }

    /** Runs the first m rows through the net. */
    void forward(int m) {
      layer(first, x, weights[0], weights[1][0], m);
      rectify(first, m);
      layer(second, first, weights[2], weights[3][0], m);
      rectify(second, m);
      Arrays.fill(logit[0], 0, m, weights[5][0][0]);
      Product.add(logit, weights[4], second, hidden, m);
      for (int i = 0; i < m; i++) {
        probability[i] = 1 / (1 + Math.exp(-(double) logit[0][i]));
      }
    }

    private void layer(float[][] out, float[][] in, float[][] w, float[] bias, int m) {
      for (int j = 0; j < out.length; j++) {
        Arrays.fill(out[j], 0, m, bias[j]);
      }
      Product.addTransposed(out, w, in, in.length, m);
    }

    private static void rectify(float[][] units, int m) {
      for (float[] unit : units) {
        for (int i = 0; i < m; i++) {
          unit[i] = Math.max(0f, unit[i]);
        }
      }
    }
  }
}
