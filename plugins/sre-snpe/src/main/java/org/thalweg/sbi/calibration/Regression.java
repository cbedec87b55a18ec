package org.thalweg.sbi.calibration;

import org.thalweg.api.data.Matrix;

/**
 * Parameters by a linear function of the data, by least squares with a penalty: the least that a
 * posterior should know.
 */
final class Regression {
  private final double[] middle;
  private final double[] scale;
  private final double[][] weights;
  private final double[] residual;

  private Regression(double[] middle, double[] scale, double[][] weights, double[] residual) {
    this.middle = middle;
    this.scale = scale;
    this.weights = weights;
    this.residual = residual;
  }

  static Regression of(JointDraws rows) {
    Matrix x = rows.observations();
    Matrix y = rows.parameters();
    double[] middle = Scales.medians(x);
    double[] scale = Scales.robust(x);
    Regression empty = new Regression(middle, scale, new double[0][], new double[y.columns()]);
    int m = x.columns() + 1;
    double[][] squares = new double[m][m];
    double[][] products = new double[y.columns()][m];
    for (int i = 0; i < rows.size(); i++) {
      double[] f = empty.features(x.row(i));
      for (int a = 0; a < m; a++) {
        for (int b = 0; b <= a; b++) {
          squares[a][b] += f[a] * f[b];
        }
        for (int j = 0; j < y.columns(); j++) {
          products[j][a] += f[a] * y.get(i, j);
        }
      }
    }
    // As much as a row for each column: nothing among many rows, and enough where they are few.
    for (int a = 0; a < m; a++) {
      squares[a][a] += a == 0 ? 1e-9 * rows.size() : m;
    }
    double[][] root = root(squares);
    double[][] weights = new double[y.columns()][];
    double[] residual = new double[y.columns()];
    for (int j = 0; j < weights.length; j++) {
      weights[j] = solve(root, products[j]);
    }
    Regression out = new Regression(middle, scale, weights, residual);
    for (int i = 0; i < rows.size(); i++) {
      double[] mean = out.means(x.row(i));
      for (int j = 0; j < mean.length; j++) {
        double off = y.get(i, j) - mean[j];
        residual[j] += off * off / rows.size();
      }
    }
    return out;
  }

  /** What it says of the parameters. */
  double[] means(double[] x) {
    double[] f = features(x);
    double[] out = new double[weights.length];
    for (int j = 0; j < out.length; j++) {
      for (int a = 0; a < f.length; a++) {
        out[j] += weights[j][a] * f[a];
      }
    }
    return out;
  }

  /** The squared distance of parameters from what it says, each in units of its own residuals. */
  double distance(double[] parameters, double[] means) {
    double sum = 0;
    for (int j = 0; j < means.length; j++) {
      double off = parameters[j] - means[j];
      sum += residual[j] > 0 ? off * off / residual[j] : 0;
    }
    return sum;
  }

  /** As the posterior that it is: a normal distribution about its guess. */
  LogRatio ratio() {
    return (parameters, observations) -> {
      double[] out = new double[parameters.rows()];
      for (int i = 0; i < out.length; i++) {
        out[i] = -0.5 * distance(parameters.row(i), means(observations.row(i)));
      }
      return out;
    };
  }

  /** A 1 and the data; a wild number counts as ten scales, so that it does not decide alone. */
  private double[] features(double[] x) {
    double[] out = new double[x.length + 1];
    out[0] = 1;
    for (int j = 0; j < x.length; j++) {
      out[j + 1] = Math.max(-10, Math.min(10, (x[j] - middle[j]) / scale[j]));
    }
    return out;
  }

  /** The lower Cholesky factor of what is held in the lower half. */
  private static double[][] root(double[][] a) {
    double[][] l = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    return l;
  }

  private static double[] solve(double[][] l, double[] b) {
    double[] x = b.clone();
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= l[i][k] * x[k];
      }
      x[i] /= l[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] -= l[k][i] * x[k];
      }
      x[i] /= l[i][i];
    }
    return x;
  }
}
