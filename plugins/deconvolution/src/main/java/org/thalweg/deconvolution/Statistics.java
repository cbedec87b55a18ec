package org.thalweg.deconvolution;

/**
 * What rows say of a mixture's parameters, summed over rows with responsibilities r and weights:
 * with T the covariance of a row under a component and u = T^-1 (w - m),
 *
 * <pre>mass = sum r, slope = sum r u, curvature = sum r (u u' - T^-1)</pre>
 *
 * which are the gradients of the log-likelihood by the mean and, twice, by the covariance. A
 * feature that is missing adds zeros. {@link #maximised} makes an EM step of them (Bovy, Hogg and
 * Roweis, 2011, eq. 16, where b = m + V u and B = V - V T^-1 V).
 */
final class Statistics {
  final double[] mass;
  final double[] slope;
  final double[] curvature;
  double logLikelihood;
  double rows;

  Statistics(int components, int dimension) {
    mass = new double[components];
    slope = new double[components * dimension];
    curvature = new double[components * dimension * dimension];
  }

  /** Adds others, which are then of no use. */
  void add(Statistics other) {
    add(mass, other.mass);
    add(slope, other.slope);
    add(curvature, other.curvature);
    logLikelihood += other.logLikelihood;
    rows += other.rows;
  }

  private static void add(double[] to, double[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  /** The moments that these statistics stand for, about the mixture that they were taken under. */
  Moments moments(Mixture under) {
    int k = under.components();
    int d = under.dimension();
    double[] first = new double[k * d];
    double[] second = new double[k * d * d];
    for (int j = 0; j < k; j++) {
      double[] v = under.covariance(j);
      double[] moved = new double[d];
      double[] half = new double[d * d];
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          moved[a] += v[a * d + b] * slope[j * d + b];
          for (int c = 0; c < d; c++) {
            half[a * d + c] += v[a * d + b] * curvature[(j * d + b) * d + c];
          }
        }
      }
      for (int a = 0; a < d; a++) {
        double mean = under.means()[j * d + a];
        first[j * d + a] = mass[j] * mean + moved[a];
        for (int b = 0; b <= a; b++) {
          double other = under.means()[j * d + b];
          double sum = mass[j] * v[a * d + b];
          for (int c = 0; c < d; c++) {
            sum += half[a * d + c] * v[c * d + b];
          }
          sum += mean * moved[b] + other * moved[a] + mass[j] * mean * other;
          second[(j * d + a) * d + b] = sum;
          second[(j * d + b) * d + a] = sum;
        }
      }
    }
    return new Moments(mass.clone(), first, second, rows);
  }

  /**
   * Sums over rows of responsibilities, and of them times the first and second moments of the
   * noise-free row.
   */
  record Moments(double[] mass, double[] first, double[] second, double rows) {
    /** The moments of a mixture, per row. */
    static Moments of(Mixture mixture) {
      int k = mixture.components();
      int d = mixture.dimension();
      double[] first = mixture.means().clone();
      double[] second = mixture.covariances().clone();
      for (int j = 0; j < k; j++) {
        double weight = mixture.weights()[j];
        for (int a = 0; a < d; a++) {
          double mean = mixture.means()[j * d + a];
          first[j * d + a] *= weight;
          for (int b = 0; b < d; b++) {
            int at = (j * d + a) * d + b;
            second[at] = weight * (second[at] + mean * mixture.means()[j * d + b]);
          }
        }
      }
      return new Moments(mixture.weights().clone(), first, second, 1);
    }

    /** A share of the old and the rest of the new, each per row (Cappe and Moulines, 2009). */
    Moments mixed(Moments fresh, double step) {
      double keep = (1 - step) / rows;
      double take = step / fresh.rows;
      return new Moments(
          mix(mass, keep, fresh.mass, take),
          mix(first, keep, fresh.first, take),
          mix(second, keep, fresh.second, take),
          1);
    }

    private static double[] mix(double[] a, double keep, double[] b, double take) {
      double[] out = new double[a.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = keep * a[i] + take * b[i];
      }
      return out;
    }

    /**
     * The mixture that they are the moments of.
     *
     * @param ridge as many rows whose covariance is the unit matrix are added to each component
     * @param before keeps components that no row is in
     */
    Mixture maximised(double ridge, Mixture before) {
      int k = mass.length;
      int d = first.length / k;
      double[] weights = new double[k];
      double[] means = before.means().clone();
      double[] covariances = before.covariances().clone();
      for (int j = 0; j < k; j++) {
        weights[j] = mass[j] / rows;
        if (!(mass[j] > 1e-10 * rows)) {
          weights[j] = 0;
          continue;
        }
        for (int a = 0; a < d; a++) {
          means[j * d + a] = first[j * d + a] / mass[j];
        }
        for (int a = 0; a < d; a++) {
          for (int b = 0; b < d; b++) {
            double centred =
                second[(j * d + a) * d + b] - mass[j] * means[j * d + a] * means[j * d + b];
            covariances[(j * d + a) * d + b] = (centred + (a == b ? ridge : 0)) / (mass[j] + ridge);
          }
        }
      }
      return new Mixture(weights, means, covariances);
    }
  }

  /** The mixture after one EM step. */
  Mixture maximised(Mixture under, double ridge) {
    return moments(under).maximised(ridge, under);
  }
}
