package org.thalweg.deconvolution;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.data.Standardiser;

/**
 * Standardised rows with the covariance of their errors. A feature that is missing (NaN), or whose
 * error is infinite, is not observed: nothing is known of it but what the other features tell.
 */
final class NoisyRows {
  /** Of entries of a covariance, relative to the standard deviations. */
  private static final double ASYMMETRY = 1e-6;

  /** Eigenvalues of a correlation matrix that rounding may have made of 0. */
  private static final double ROUNDING = 1e-10;

  /** What eigenvalues are raised to, of a correlation matrix; a variance, of a standardised row. */
  private static final double FLOOR = 1e-6;

  private final int size;
  private final int dimension;
  private final double[] values;
  private final boolean[] observed;
  private final boolean full;
  private final boolean shared;
  private final double[] noise;
  private final String[] faults;
  private final double[] logAbsDet;

  private NoisyRows(
      int dimension,
      double[] values,
      boolean[] observed,
      boolean full,
      boolean shared,
      double[] noise) {
    this.size = values.length / dimension;
    this.dimension = dimension;
    this.values = values;
    this.observed = observed;
    this.full = full;
    this.shared = shared;
    this.noise = noise;
    this.faults = new String[size];
    this.logAbsDet = new double[size];
  }

  /**
   * Prepares rows.
   *
   * @param rows in the user's units
   * @param noise standardised, of every row or one for all
   */
  static NoisyRows of(
      Rows rows,
      Noise noise,
      Schema schema,
      Standardiser standardiser,
      Soundness needed,
      Repair repair) {
    int n = rows.size();
    int d = rows.features().columns();
    double[] z = standardiser.features(rows.features());
    boolean full = noise instanceof Noise.Full;
    double[] given = variances(noise);
    boolean shared = given.length == (full ? d * d : d);
    NoisyRows out = new NoisyRows(d, z, new boolean[n * d], full, shared, given);
    out.observe();
    System.arraycopy(standardiser.logAbsDet(out.blanked(rows.features())), 0, out.logAbsDet, 0, n);
    new Check(out, schema, needed, repair).run();
    return out;
  }

  private static double[] variances(Noise noise) {
    if (noise instanceof Noise.Diagonal diagonal) {
      // The sign is kept: a negative deviation is a fault, and its square would hide it.
      return Arrays.stream(diagonal.standardDeviations().values())
          .map(s -> Math.signum(s) * s * s)
          .toArray();
    }
    return ((Noise.Full) noise).covariances().values().clone();
  }

  private void observe() {
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < dimension; j++) {
        boolean there =
            !Double.isNaN(values[i * dimension + j]) && variance(i, j) != Double.POSITIVE_INFINITY;
        observed[i * dimension + j] = there;
        if (!there) {
          values[i * dimension + j] = 0;
        }
      }
    }
  }

  /** Rows in the user's units in which everything that is not observed is missing. */
  private Matrix blanked(Matrix features) {
    double[] out = features.values().clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = observed[i] ? out[i] : Double.NaN;
    }
    return new Matrix(features.rows(), features.columns(), out);
  }

  private int at(int row) {
    return shared ? 0 : row * (full ? dimension * dimension : dimension);
  }

  /** The number of rows. */
  int size() {
    return size;
  }

  /** D. */
  int dimension() {
    return dimension;
  }

  /** A standardised feature; 0 where it is not observed. */
  double value(int row, int column) {
    return values[row * dimension + column];
  }

  /** Whether a feature is observed. */
  boolean observed(int row, int column) {
    return observed[row * dimension + column];
  }

  /** log |d standardised / d row| of the observed features, in nats. */
  double logAbsDet(int row) {
    return logAbsDet[row];
  }

  /** Whether the errors of all features are independent. */
  boolean diagonal() {
    return !full;
  }

  /** Whether all rows have the same errors. */
  boolean shared() {
    return shared;
  }

  /** The variance of the error of an observed feature. */
  double variance(int row, int column) {
    return noise[at(row) + (full ? column * (dimension + 1) : column)];
  }

  /** The covariance of the errors of two observed features. */
  double covariance(int row, int a, int b) {
    return full ? noise[at(row) + a * dimension + b] : a == b ? variance(row, a) : 0;
  }

  /** Why a row cannot be used; empty where it can. */
  Optional<String> fault(int row) {
    return Optional.ofNullable(faults[row]);
  }

  /** Which rows can be used. */
  boolean[] sound() {
    boolean[] out = new boolean[size];
    for (int i = 0; i < size; i++) {
      out[i] = faults[i] == null;
    }
    return out;
  }

  /**
   * Refuses rows that cannot be used.
   *
   * @throws ThalwegException exit code 2, with their numbers
   */
  void requireSound() {
    int[] bad = IntStream.range(0, size).filter(i -> faults[i] != null).toArray();
    if (bad.length > 0) {
      String more =
          bad.length == 1
              ? ""
              : " So are %d rows in all: %s%s."
                  .formatted(
                      bad.length,
                      Arrays.stream(bad)
                          .limit(20)
                          .mapToObj(i -> Integer.toString(i + 1))
                          .collect(Collectors.joining(", ")),
                      bad.length > 20 ? ", ..." : "");
      throw ThalwegException.usage(
          "Usable row %d: %s.%s Correct the errors, leave such rows out with --where, or have "
              + "covariances repaired: --set repair=nearest.",
          bad[0] + 1, faults[bad[0]], more);
    }
  }

  /** What is to be said of rows that are left out; empty where there are none. */
  List<String> warnings() {
    int[] bad = IntStream.range(0, size).filter(i -> faults[i] != null).toArray();
    return bad.length == 0
        ? List.of()
        : List.of(
            "%d rows are left out, of one of which %s.".formatted(bad.length, faults[bad[0]]));
  }

  /** Looks for what makes rows unusable, and repairs what can and may be. */
  private static final class Check {
    private final NoisyRows rows;
    private final Schema schema;
    private final Soundness needed;
    private final Repair repair;
    private final int d;

    Check(NoisyRows rows, Schema schema, Soundness needed, Repair repair) {
      this.rows = rows;
      this.schema = schema;
      this.needed = needed;
      this.repair = repair;
      this.d = rows.dimension;
    }

    void run() {
      boolean one = rows.shared && complete();
      String common = one && rows.size > 0 ? fault(0) : null;
      for (int i = 0; i < rows.size; i++) {
        rows.faults[i] = one ? common : fault(i);
      }
    }

    private boolean complete() {
      for (boolean there : rows.observed) {
        if (!there) {
          return false;
        }
      }
      return true;
    }

    private String fault(int row) {
      int[] there = IntStream.range(0, d).filter(j -> rows.observed(row, j)).toArray();
      if (there.length == 0) {
        return "no feature is observed";
      }
      for (int j : there) {
        double variance = rows.variance(row, j);
        if (!(variance >= 0)) {
          return String.format(
              Locale.ROOT,
              "the %s of the error of '%s' is %s",
              rows.full ? "variance" : "standard deviation",
              schema.features().get(j).name(),
              Double.isNaN(variance) ? "missing" : "negative");
        }
        if (variance < FLOOR * FLOOR && needed == Soundness.DEFINITE) {
          if (repair == Repair.REFUSE) {
            return "'%s' has no error, and every feature needs one here"
                .formatted(schema.features().get(j).name());
          }
          rows.noise[rows.at(row) + (rows.full ? j * (d + 1) : j)] = FLOOR;
        }
      }
      return rows.full ? correlations(row, there) : null;
    }

    private String correlations(int row, int[] there) {
      int m = there.length;
      double[] scale = new double[m];
      for (int a = 0; a < m; a++) {
        scale[a] = Math.sqrt(rows.variance(row, there[a]));
      }
      double[] r = new double[m * m];
      for (int a = 0; a < m; a++) {
        for (int b = 0; b < m; b++) {
          double c = rows.covariance(row, there[a], there[b]);
          double other = rows.covariance(row, there[b], there[a]);
          double product = scale[a] * scale[b];
          // Negated, so that NaN is caught.
          if (!(Math.abs(c - other) <= ASYMMETRY * product)) {
            return String.format(
                Locale.ROOT,
                "the covariance of its errors is not symmetric: %s and %s between '%s' and '%s'"
                    + " (standardised)",
                c,
                other,
                schema.features().get(there[a]).name(),
                schema.features().get(there[b]).name());
          }
          r[a * m + b] = a == b ? 1 : product == 0 ? 0 : 0.5 * (c + other) / product;
        }
      }
      double least = needed == Soundness.DEFINITE ? ROUNDING : -ROUNDING;
      if (SmallMatrix.positive(r, m, least)) {
        return null;
      }
      SmallMatrix.Eigen eigen = SmallMatrix.eigen(r, m);
      double smallest = Arrays.stream(eigen.values()).min().orElseThrow();
      if (smallest > least) {
        return null;
      }
      if (repair == Repair.REFUSE) {
        return String.format(
            Locale.ROOT,
            "the covariance of its errors is not positive definite (least eigenvalue of the"
                + " correlations %.3g)",
            smallest);
      }
      write(row, there, scale, eigen.raised(FLOOR));
      return null;
    }

    private void write(int row, int[] there, double[] scale, double[] r) {
      int m = there.length;
      for (int a = 0; a < m; a++) {
        for (int b = 0; b < m; b++) {
          // The diagonal is put back to 1, so that the variances are those that were given.
          double unit = Math.sqrt(r[a * m + a] * r[b * m + b]);
          rows.noise[rows.at(row) + there[a] * d + there[b]] =
              scale[a] * scale[b] * r[a * m + b] / unit;
        }
      }
    }
  }
}
