package org.thalweg.sbi.metric;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * One training of a {@link Classifier} as scikit-learn's defaults have it: Adam with steps of 1e-3
 * on batches of 200 shuffled rows, a penalty of 1e-4 on the squared weights, until the loss of an
 * epoch has not gained 1e-4 over the best for more than ten epochs.
 */
final class ClassifierTraining {
  private static final double STEP = 1e-3;
  private static final double PENALTY = 1e-4;
  private static final double GAIN = 1e-4;
  private static final int PATIENCE = 10;
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Classifier net;
  private final float[] rows;
  private final boolean[] target;
  private final RandomGenerator random;
  private final int[] order;
  private final Classifier.Layers layers;

  /** The loss's derivatives by the units before they are rectified, for a batch. */
  private final float[][] back1;

  private final float[][] back2;
  private final float[][] delta;

  /** A row for each row of data, a column for each unit. */
  private final float[][] turned;

  private final float[][] ones;
  private final float[] squares;
  private final float[][][] gradient;
  private final float[][][] mean;
  private final float[][][] square;
  private long step;

  ClassifierTraining(Classifier net, float[] rows, boolean[] target, RandomGenerator random) {
    this.net = net;
    this.rows = rows;
    this.target = target;
    this.random = random;
    order = new int[target.length];
    Arrays.setAll(order, i -> i);
    int batch = Math.min(Classifier.BATCH, target.length);
    layers = net.new Layers(batch);
    back1 = new float[net.hidden][batch];
    back2 = new float[net.hidden][batch];
    delta = new float[1][batch];
    turned = new float[batch][net.hidden];
    ones = new float[1][batch];
    Arrays.fill(ones[0], 1);
    squares = new float[net.hidden];
    gradient = like(net.weights);
    mean = like(net.weights);
    square = like(net.weights);
  }

  private static float[][][] like(float[][][] weights) {
    return Arrays.stream(weights)
        .map(layer -> new float[layer.length][layer[0].length])
        .toArray(float[][][]::new);
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
    for (int from = 0; from < order.length; from += Classifier.BATCH) {
      int m = Math.min(Classifier.BATCH, order.length - from);
      sum += m * step(from, m);
    }
    return sum / order.length;
  }

  /** The penalised loss of the batch before its step. */
  private double step(int from, int m) {
    for (int i = 0; i < m; i++) {
      layers.put(i, rows, order[from + i] * net.inputs);
    }
    layers.forward(m);
    double loss = 0;
    for (int i = 0; i < m; i++) {
      boolean second = target[order[from + i]];
      double p = layers.probability[i];
      loss -= Math.log(Math.max(second ? p : 1 - p, 1e-16)) / m;
      delta[0][i] = (float) ((p - (second ? 1 : 0)) / m);
    }
    clear(gradient);
    backward(m);
    loss += penalise(0, m) + penalise(2, m) + penalise(4, m);
    adam();
    return loss;
  }

  private void backward(int m) {
    int h = net.hidden;
    Product.transpose(turned, layers.second, m);
    Product.add(gradient[4], delta, turned, m, h);
    for (int i = 0; i < m; i++) {
      gradient[5][0][0] += delta[0][i];
    }
    float[] out = net.weights[4][0];
    for (int j = 0; j < h; j++) {
      through(back2[j], layers.second[j], delta[0], out[j], m);
    }
    weightsOf(2, layers.first, back2, m);
    for (float[] unit : back1) {
      Arrays.fill(unit, 0, m, 0);
    }
    Product.add(back1, net.weights[2], back2, h, m);
    for (int j = 0; j < h; j++) {
      through(back1[j], layers.first[j], back1[j], 1, m);
    }
    weightsOf(0, layers.x, back1, m);
  }

  /** The derivatives by a layer's weights and biases. */
  private void weightsOf(int layer, float[][] in, float[][] back, int m) {
    Product.transpose(turned, back, m);
    Product.add(gradient[layer], in, turned, m, net.hidden);
    Product.add(gradient[layer + 1], ones, turned, m, net.hidden);
  }

  /**
   * Derivatives times a factor where the unit's value is above 0, else 0. Written without a branch,
   * which would not be vectorised; values above the smallest normal number count in full.
   */
  private static void through(float[] out, float[] value, float[] in, float factor, int m) {
    for (int i = 0; i < m; i++) {
      out[i] = factor * in[i] * Math.min(1f, value[i] * Float.MAX_VALUE);
    }
  }

  private static void clear(float[][][] layers) {
    for (float[][] layer : layers) {
      for (float[] row : layer) {
        Arrays.fill(row, 0);
      }
    }
  }

  /** Weights are penalised, biases are not. */
  private double penalise(int layer, int m) {
    float factor = (float) (PENALTY / m);
    Arrays.fill(squares, 0);
    for (int i = 0; i < net.weights[layer].length; i++) {
      penalise(gradient[layer][i], net.weights[layer][i], factor);
    }
    double sum = 0;
    for (float value : squares) {
      sum += value;
    }
    return 0.5 * PENALTY * sum / m;
  }

  private void penalise(float[] slope, float[] w, float factor) {
    for (int j = 0; j < w.length; j++) {
      slope[j] += factor * w[j];
    }
    for (int j = 0; j < w.length; j++) {
      squares[j] += w[j] * w[j];
    }
  }

  private void adam() {
    step++;
    float rate =
        (float) (STEP * Math.sqrt(1 - Math.pow(BETA_2, step)) / (1 - Math.pow(BETA_1, step)));
    for (int l = 0; l < net.weights.length; l++) {
      for (int i = 0; i < net.weights[l].length; i++) {
        move(net.weights[l][i], gradient[l][i], mean[l][i], square[l][i], rate);
      }
    }
  }

  private static void move(float[] w, float[] g, float[] m, float[] v, float rate) {
    for (int i = 0; i < w.length; i++) {
      m[i] = (float) BETA_1 * m[i] + (float) (1 - BETA_1) * g[i];
    }
    for (int i = 0; i < w.length; i++) {
      v[i] = (float) BETA_2 * v[i] + (float) (1 - BETA_2) * g[i] * g[i];
    }
    for (int i = 0; i < w.length; i++) {
      w[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) + (float) EPSILON);
    }
  }
}
