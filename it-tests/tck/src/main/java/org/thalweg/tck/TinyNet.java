package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * The function sum(v tanh(x W)) of x {@code [N, 3]}, W {@code [3, 4]} and v {@code [4]}, as tensor
 * operations and in plain Java with its gradients by hand.
 */
record TinyNet(double[] x, double[] w, double[] v) {
  static final int IN = 3;
  static final int HIDDEN = 4;

  static TinyNet random(int rows) {
    return new TinyNet(
        Numbers.normal(41, rows * IN, 1),
        Numbers.normal(42, IN * HIDDEN, 0.7),
        Numbers.normal(43, HIDDEN, 1));
  }

  int rows() {
    return x.length / IN;
  }

  static NDArray tensors(NDList xwv) {
    return xwv.get(0).matMul(xwv.get(1)).tanh().mul(xwv.get(2)).sum();
  }

  double value() {
    double sum = 0;
    for (int n = 0; n < rows(); n++) {
      sum += Numbers.dot(v, hidden(n));
    }
    return sum;
  }

  private double[] hidden(int n) {
    double[] h = new double[HIDDEN];
    for (int k = 0; k < HIDDEN; k++) {
      double a = 0;
      for (int j = 0; j < IN; j++) {
        a += x[n * IN + j] * w[j * HIDDEN + k];
      }
      h[k] = Math.tanh(a);
    }
    return h;
  }

  /** By x, W and v. */
  double[][] gradients() {
    double[] ofX = new double[x.length];
    double[] ofW = new double[w.length];
    double[] ofV = new double[v.length];
    for (int n = 0; n < rows(); n++) {
      double[] h = hidden(n);
      for (int k = 0; k < HIDDEN; k++) {
        ofV[k] += h[k];
        double slope = v[k] * (1 - h[k] * h[k]);
        for (int j = 0; j < IN; j++) {
          ofX[n * IN + j] += slope * w[j * HIDDEN + k];
          ofW[j * HIDDEN + k] += slope * x[n * IN + j];
        }
      }
    }
    return new double[][] {ofX, ofW, ofV};
  }
}
