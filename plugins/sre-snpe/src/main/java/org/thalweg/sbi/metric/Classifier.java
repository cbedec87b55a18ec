package org.thalweg.sbi.metric;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.thalweg.api.random.Seed;

/**
 * A net of two hidden layers of rectified units that tells two sets of rows apart, trained as
 * scikit-learn trains its {@code MLPClassifier} with default options: Adam with steps of 1e-3 on
 * batches of 200 shuffled rows, a penalty of 1e-4 on the squared weights, until the loss of an
 * epoch has not gained 1e-4 over the best for more than ten epochs.
 */
public final class Classifier {
  private static final int BATCH = 200;
  private static final double STEP = 1e-3;
  private static final double PENALTY = 1e-4;
  private static final double GAIN = 1e-4;
  private static final int PATIENCE = 10;

  /** More epochs than any training takes. */
  static final int UNTIL_DONE = 10_000;

  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final int inputs;
  private final int hidden;

  /** First layer, its biases, second, its biases, output, its bias; input-major each. */
  private final float[][] weights;

  private Classifier(int inputs, int hidden, RandomGenerator random) {
    this.inputs = inputs;
    this.hidden = hidden;
    weights =
        new float[][] {
          uniform(inputs * hidden, inputs + hidden, random),
          uniform(hidden, inputs + hidden, random),
          uniform(hidden * hidden, 2 * hidden, random),
          uniform(hidden, 2 * hidden, random),
          uniform(hidden, hidden + 1, random),
          uniform(1, hidden + 1, random),
        };
  }

  /** Glorot and Bengio's range, for weights and biases alike. */
  private static float[] uniform(int count, int fans, RandomGenerator random) {
    float[] out = new float[count];
    float bound = (float) Math.sqrt(6.0 / fans);
    for (int i = 0; i < count; i++) {
      out[i] = bound * (2 * random.nextFloat() - 1);
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
    new Run(out, rows, second, seed.child("order").generator()).run(epochs);
    return out;
  }

  /** The probability of each row {@code [N, inputs]} to be of the second set. */
  public double[] probability(float[] rows) {
    int n = rows.length / inputs;
    Layers layers = new Layers(Math.min(n, BATCH));
    double[] out = new double[n];
    float[] part = new float[BATCH * inputs];
    for (int from = 0; from < n; from += BATCH) {
      int m = Math.min(BATCH, n - from);
      System.arraycopy(rows, from * inputs, part, 0, m * inputs);
      layers.forward(part, m);
      System.arraycopy(layers.probability, 0, out, from, m);
    }
    return out;
  }

  /** The values within the net for a batch. */
  private final class Layers {
    final float[] first;
    final float[] second;
    final double[] probability;

    Layers(int rows) {
      first = new float[rows * hidden];
      second = new float[rows * hidden];
      probability = new double[rows];
    }

    void forward(float[] x, int m) {
      layer(first, x, m, inputs, weights[0], weights[1]);
      layer(second, first, m, hidden, weights[2], weights[3]);
      for (int i = 0; i < m; i++) {
        float sum = weights[5][0];
        for (int j = 0; j < hidden; j++) {
          sum += second[i * hidden + j] * weights[4][j];
        }
        probability[i] = 1 / (1 + Math.exp(-(double) sum));
      }
    }

    private void layer(float[] out, float[] in, int m, int depth, float[] w, float[] bias) {
      for (int i = 0; i < m; i++) {
        System.arraycopy(bias, 0, out, i * hidden, hidden);
      }
      Product.add(out, m, hidden, depth, in, depth, 1, w);
      for (int i = 0; i < m * hidden; i++) {
        out[i] = Math.max(0, out[i]);
      }
    }
  }

  /** One training. */
  private static final class Run {
    private final Classifier net;
    private final float[] rows;
    private final boolean[] target;
    private final RandomGenerator random;
    private final int[] order;
    private final Layers layers;
    private final float[] x;
    private final float[] back1;
    private final float[] back2;
    private final float[] transposed;
    private final float[][] gradient = new float[6][];
    private final float[][] mean = new float[6][];
    private final float[][] square = new float[6][];
    private long step;

    Run(Classifier net, float[] rows, boolean[] target, RandomGenerator random) {
      this.net = net;
      this.rows = rows;
      this.target = target;
      this.random = random;
      order = new int[target.length];
      Arrays.setAll(order, i -> i);
      int batch = Math.min(BATCH, target.length);
      layers = net.new Layers(batch);
      x = new float[batch * net.inputs];
      back1 = new float[batch * net.hidden];
      back2 = new float[batch * net.hidden];
      transposed = new float[net.hidden * net.hidden];
      for (int l = 0; l < 6; l++) {
        gradient[l] = new float[net.weights[l].length];
        mean[l] = new float[net.weights[l].length];
        square[l] = new float[net.weights[l].length];
      }
    }

    void run(int epochs) {
      double best = Double.POSITIVE_INFINITY;
      int without = 0;
      for (int epoch = 0; epoch < epochs && without <= PATIENCE; epoch++) {
        double loss = epoch();
        without = loss > best - GAIN ? without + 1 : 0;
        best = Math.min(best, loss);
      }
    }

    private double epoch() {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      double sum = 0;
      for (int from = 0; from < order.length; from += BATCH) {
        int m = Math.min(BATCH, order.length - from);
        sum += m * step(from, m);
      }
      return sum / order.length;
    }

    /** The penalised loss of the batch before its step. */
    private double step(int from, int m) {
      int d = net.inputs;
      int h = net.hidden;
      for (int i = 0; i < m; i++) {
        System.arraycopy(rows, order[from + i] * d, x, i * d, d);
      }
      layers.forward(x, m);
      double loss = 0;
      for (float[] one : gradient) {
        Arrays.fill(one, 0);
      }
      float[] out = net.weights[4];
      for (int i = 0; i < m; i++) {
        boolean second = target[order[from + i]];
        double p = layers.probability[i];
        loss -= Math.log(Math.max(second ? p : 1 - p, 1e-16)) / m;
        float delta = (float) ((p - (second ? 1 : 0)) / m);
        gradient[5][0] += delta;
        for (int j = 0; j < h; j++) {
          float value = layers.second[i * h + j];
          gradient[4][j] += delta * value;
          back2[i * h + j] = value > 0 ? delta * out[j] : 0;
        }
      }
      Product.add(gradient[2], h, h, m, layers.first, 1, h, back2);
      columnSums(gradient[3], back2, m);
      for (int j = 0; j < h; j++) {
        for (int k = 0; k < h; k++) {
          transposed[k * h + j] = net.weights[2][j * h + k];
        }
      }
      Arrays.fill(back1, 0);
      Product.add(back1, m, h, h, back2, h, 1, transposed);
      for (int i = 0; i < m * h; i++) {
        back1[i] = layers.first[i] > 0 ? back1[i] : 0;
      }
      Product.add(gradient[0], d, h, m, x, 1, d, back1);
      columnSums(gradient[1], back1, m);
      loss += penalise(0, m) + penalise(2, m) + penalise(4, m);
      adam();
      return loss;
    }

    private static void columnSums(float[] out, float[] rows, int m) {
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < out.length; j++) {
          out[j] += rows[i * out.length + j];
        }
      }
    }

    /** Weights are penalised, biases are not. */
    private double penalise(int layer, int m) {
      float[] w = net.weights[layer];
      float factor = (float) (PENALTY / m);
      double sum = 0;
      for (int i = 0; i < w.length; i++) {
        gradient[layer][i] += factor * w[i];
        sum += (double) w[i] * w[i];
      }
      return 0.5 * PENALTY * sum / m;
    }

    private void adam() {
      step++;
      float rate =
          (float) (STEP * Math.sqrt(1 - Math.pow(BETA_2, step)) / (1 - Math.pow(BETA_1, step)));
      for (int l = 0; l < 6; l++) {
        move(net.weights[l], gradient[l], mean[l], square[l], rate);
      }
    }

    private static void move(float[] w, float[] g, float[] m, float[] v, float rate) {
      for (int i = 0; i < w.length; i++) {
        m[i] = (float) BETA_1 * m[i] + (float) (1 - BETA_1) * g[i];
        v[i] = (float) BETA_2 * v[i] + (float) (1 - BETA_2) * g[i] * g[i];
        w[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) + (float) EPSILON);
      }
    }
  }
}
