package org.thalweg.deconvolution;

import java.util.Arrays;

/**
 * The E-step of extreme deconvolution over one block of rows at a time (Bovy, Hogg and Roweis,
 * 2011, section 3). Every inner loop runs over the rows of the block. Belongs to one thread.
 */
final class Expectation {
  private static final int R = RowBlock.SIZE;
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  /** Responsibilities below exp of this are nothing beside the largest. */
  private static final double NOTHING = -40;

  private final Mixture mixture;
  private final int components;
  private final int dimension;
  private final double[] logWeights;
  private final double[] factor;
  private final double[] inverse;
  private final double[] away;
  private final double[] logDensities;
  private final double[] slopes;
  private final double[] precisions;
  private final double[] total = new double[R];
  private final double[] most = new double[R];
  private final double[] quadratic = new double[R];
  private final double[] determinant = new double[R];

  Expectation(Mixture mixture) {
    this.mixture = mixture;
    components = mixture.components();
    dimension = mixture.dimension();
    int triangle = dimension * (dimension + 1) / 2;
    logWeights = Arrays.stream(mixture.weights()).map(Math::log).toArray();
    factor = new double[triangle * R];
    inverse = new double[triangle * R];
    away = new double[dimension * R];
    logDensities = new double[components * R];
    slopes = new double[components * dimension * R];
    precisions = new double[components * triangle * R];
  }

  private static int at(int row, int column) {
    return (row * (row + 1) / 2 + column) * R;
  }

  /** log p(w) of the block's rows, in nats, valid until the next call. */
  double[] logDensity(RowBlock block) {
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (int j = 0; j < components; j++) {
      if (mixture.weights()[j] > 0) {
        component(block, j);
      } else {
        Arrays.fill(logDensities, j * R, (j + 1) * R, Double.NEGATIVE_INFINITY);
      }
      for (int r = 0; r < R; r++) {
        most[r] = Math.max(most[r], logDensities[j * R + r]);
      }
    }
    Arrays.fill(total, 0);
    for (int j = 0; j < components; j++) {
      exponentials(j * R);
    }
    double[] out = quadratic;
    for (int r = 0; r < R; r++) {
      out[r] = most[r] + Math.log(total[r]);
    }
    return out;
  }

  private void exponentials(int from) {
    for (int r = 0; r < R; r++) {
      double log = logDensities[from + r] - most[r];
      double share = log < NOTHING ? 0 : Math.exp(log);
      logDensities[from + r] = share;
      total[r] += share;
    }
  }

  /**
   * Adds what the block says. Sums and loops over rows stand apart: together in one loop they make
   * the optimising compiler of JDK 17 fail.
   */
  void add(RowBlock block, Statistics to) {
    double[] weights = block.weights();
    to.logLikelihood += dot(weights, logDensity(block), 0);
    to.rows += sum(weights);
    divide(weights);
    for (int j = 0; j < components; j++) {
      share(j);
      double mass = sum(away);
      if (mass > 0) {
        to.mass[j] += mass;
        accumulate(block, j, away, to);
      }
    }
  }

  private void divide(double[] weights) {
    for (int r = 0; r < R; r++) {
      total[r] = weights[r] / total[r];
    }
  }

  private void share(int j) {
    int from = j * R;
    for (int r = 0; r < R; r++) {
      away[r] = logDensities[from + r] * total[r];
    }
  }

  private static double sum(double[] values) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int r = 0; r < R; r += 4) {
      s0 += values[r];
      s1 += values[r + 1];
      s2 += values[r + 2];
      s3 += values[r + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private void accumulate(RowBlock block, int j, double[] share, Statistics to) {
    int m = block.there().length;
    int slope = j * dimension * R;
    int precision = j * dimension * (dimension + 1) / 2 * R;
    for (int a = 0; a < m; a++) {
      int ofA = block.there()[a];
      to.slope[j * dimension + ofA] += dot(share, slopes, slope + a * R);
      for (int b = 0; b <= a; b++) {
        double sum = curvature(share, slope + a * R, slope + b * R, precision + at(a, b));
        int ofB = block.there()[b];
        to.curvature[(j * dimension + ofA) * dimension + ofB] += sum;
        if (a != b) {
          to.curvature[(j * dimension + ofB) * dimension + ofA] += sum;
        }
      }
    }
  }

  /** Four sums at once: one alone waits for its own last addition. */
  private static double dot(double[] share, double[] values, int from) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int r = 0; r < R; r += 4) {
      s0 += share[r] * values[from + r];
      s1 += share[r + 1] * values[from + r + 1];
      s2 += share[r + 2] * values[from + r + 2];
      s3 += share[r + 3] * values[from + r + 3];
    }
    return s0 + s1 + s2 + s3;
  }

  private double curvature(double[] share, int a, int b, int p) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int r = 0; r < R; r += 4) {
      s0 += share[r] * (slopes[a + r] * slopes[b + r] - precisions[p + r]);
      s1 += share[r + 1] * (slopes[a + r + 1] * slopes[b + r + 1] - precisions[p + r + 1]);
      s2 += share[r + 2] * (slopes[a + r + 2] * slopes[b + r + 2] - precisions[p + r + 2]);
      s3 += share[r + 3] * (slopes[a + r + 3] * slopes[b + r + 3] - precisions[p + r + 3]);
    }
    return s0 + s1 + s2 + s3;
  }

  /** log(weight N(w; m, V + S)), with T^-1 (w - m) and T^-1 kept for the statistics. */
  private void component(RowBlock block, int j) {
    int m = block.there().length;
    covariance(block, j);
    factorise(m);
    invert(m);
    solve(block, j, m);
    double constant = logWeights[j] - 0.5 * m * LOG_2_PI;
    for (int r = 0; r < R; r++) {
      logDensities[j * R + r] = constant - 0.5 * quadratic[r] + determinant[r];
    }
  }

  /** T = V + S, its lower triangle. */
  private void covariance(RowBlock block, int j) {
    int[] there = block.there();
    double[] noise = block.noise();
    for (int a = 0; a < there.length; a++) {
      for (int b = 0; b <= a; b++) {
        double v = mixture.covariances()[(j * dimension + there[a]) * dimension + there[b]];
        int to = at(a, b);
        if (!block.diagonal()) {
          for (int r = 0; r < R; r++) {
            factor[to + r] = v + noise[to + r];
          }
        } else if (a == b) {
          for (int r = 0; r < R; r++) {
            factor[to + r] = v + noise[a * R + r];
          }
        } else {
          Arrays.fill(factor, to, to + R, v);
        }
      }
    }
  }

  /** T = L L'; the diagonal of L is kept as its reciprocal, in {@code inverse}. */
  private void factorise(int m) {
    Arrays.fill(determinant, 1);
    double[] logs = quadratic;
    Arrays.fill(logs, 0);
    for (int c = 0; c < m; c++) {
      int pivot = at(c, c);
      for (int r = 0; r < R; r++) {
        double reciprocal = 1 / Math.sqrt(factor[pivot + r]);
        inverse[pivot + r] = reciprocal;
        determinant[r] *= reciprocal;
      }
      for (int a = c + 1; a < m; a++) {
        int to = at(a, c);
        for (int r = 0; r < R; r++) {
          factor[to + r] *= inverse[pivot + r];
        }
      }
      for (int a = c + 1; a < m; a++) {
        for (int b = c + 1; b <= a; b++) {
          subtract(at(a, b), at(a, c), at(b, c));
        }
      }
      if ((c & 7) == 7 || c == m - 1) {
        // The product of a few does not leave the range of a double.
        for (int r = 0; r < R; r++) {
          logs[r] += Math.log(determinant[r]);
        }
        Arrays.fill(determinant, 1);
      }
    }
    System.arraycopy(logs, 0, determinant, 0, R);
  }

  private void subtract(int to, int a, int b) {
    for (int r = 0; r < R; r++) {
      factor[to + r] -= factor[a + r] * factor[b + r];
    }
  }

  /** L^-1, its lower triangle, from the diagonal down. */
  private void invert(int m) {
    for (int a = 1; a < m; a++) {
      for (int b = 0; b < a; b++) {
        int to = at(a, b);
        Arrays.fill(inverse, to, to + R, 0);
        for (int c = b; c < a; c++) {
          int left = at(a, c);
          int right = at(c, b);
          for (int r = 0; r < R; r++) {
            inverse[to + r] -= factor[left + r] * inverse[right + r];
          }
        }
        int pivot = at(a, a);
        for (int r = 0; r < R; r++) {
          inverse[to + r] *= inverse[pivot + r];
        }
      }
    }
  }

  /** y = L^-1 (w - m), u = L^-T y, T^-1 = L^-T L^-1, and y'y. */
  private void solve(RowBlock block, int j, int m) {
    Arrays.fill(quadratic, 0);
    int slope = j * dimension * R;
    int precision = j * dimension * (dimension + 1) / 2 * R;
    Arrays.fill(slopes, slope, slope + m * R, 0);
    for (int a = 0; a < m; a++) {
      double mean = mixture.means()[j * dimension + block.there()[a]];
      for (int r = 0; r < R; r++) {
        away[a * R + r] = block.values()[a * R + r] - mean;
      }
    }
    for (int a = m - 1; a >= 0; a--) {
      // Row a of y needs rows 0 to a of what it replaces, so it is computed from the end.
      row(a);
      for (int b = 0; b <= a; b++) {
        int from = at(a, b);
        int to = slope + b * R;
        for (int r = 0; r < R; r++) {
          slopes[to + r] += inverse[from + r] * away[a * R + r];
        }
      }
    }
    for (int a = 0; a < m; a++) {
      for (int b = 0; b <= a; b++) {
        int to = precision + at(a, b);
        Arrays.fill(precisions, to, to + R, 0);
        for (int c = a; c < m; c++) {
          product(to, at(c, a), at(c, b));
        }
      }
    }
  }

  private void row(int a) {
    int pivot = at(a, a);
    for (int r = 0; r < R; r++) {
      away[a * R + r] *= inverse[pivot + r];
    }
    for (int b = 0; b < a; b++) {
      int from = at(a, b);
      for (int r = 0; r < R; r++) {
        away[a * R + r] += inverse[from + r] * away[b * R + r];
      }
    }
    for (int r = 0; r < R; r++) {
      quadratic[r] += away[a * R + r] * away[a * R + r];
    }
  }

  private void product(int to, int a, int b) {
    for (int r = 0; r < R; r++) {
      precisions[to + r] += inverse[a + r] * inverse[b + r];
    }
  }
}
