package org.thalweg.deconvolution;

import java.util.ArrayList;
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
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
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
  private final Fault[] faults;
  private final boolean[] repaired;
  private final double[] logAbsDet;
  private final Rows table;

  /** Why a row cannot be used, and whether {@link Repair#NEAREST} would help. */
  private record Fault(String text, boolean repairable) {
    static Fault lasting(String text) {
      return new Fault(text, false);
    }

    static Fault repairable(String text) {
      return new Fault(text, true);
    }
  }

  private NoisyRows(
      Rows table,
      int dimension,
      double[] values,
      boolean[] observed,
      boolean full,
      boolean shared,
      double[] noise) {
    this.table = table;
    this.size = values.length / dimension;
    this.dimension = dimension;
    this.values = values;
    this.observed = observed;
    this.full = full;
    this.shared = shared;
    this.noise = noise;
    this.faults = new Fault[size];
    this.repaired = new boolean[size];
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
    NoisyRows out = new NoisyRows(rows, d, z, new boolean[n * d], full, shared, given);
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
    return Optional.ofNullable(faults[row]).map(Fault::text);
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
                          .mapToObj(i -> Long.toString(table.number(i)))
                          .collect(Collectors.joining(", ")),
                      bad.length > 20 ? ", ..." : "");
      throw ThalwegException.usage(
          "Row %d: %s.%s Correct the errors, or leave such rows out with --where%s.",
          table.number(bad[0]), faults[bad[0]].text(), more, repairs(bad));
    }
  }

  /**
   * Refuses rows of a fit that cannot be used, and tells of those that were repaired.
   *
   * @throws ThalwegException exit code 2, with their numbers
   */
  void require(FitListener listener) {
    requireSound();
    repairs().forEach(said -> listener.on(new FitEvent.Warned(said)));
  }

  /** What repairing would do; nothing is said of it where it would do nothing. */
  private String repairs(int[] bad) {
    long some = Arrays.stream(bad).filter(i -> faults[i].repairable()).count();
    return some == 0
        ? ""
        : some == bad.length
            ? "; or have covariances repaired: --set repair=nearest"
            : "; or have %d of these repaired: --set repair=nearest".formatted(some);
  }

  /** What is to be said of rows that are left out or were repaired. */
  List<String> warnings() {
    List<String> out = new ArrayList<>(repairs());
    int[] bad = IntStream.range(0, size).filter(i -> faults[i] != null).toArray();
    if (bad.length > 0) {
      out.add(
          "%s left out, as of row %d %s."
              .formatted(
                  bad.length == 1 ? "1 row is" : bad.length + " rows are",
                  table.number(bad[0]),
                  faults[bad[0]].text()));
    }
    return out;
  }

  /** What is to be said of rows that were repaired; empty where there are none. */
  List<String> repairs() {
    int[] changed = IntStream.range(0, size).filter(i -> repaired[i]).toArray();
    if (changed.length == 0) {
      return List.of();
    }
    return List.of(
        shared
            ? "repair=nearest changed the errors that all rows share."
            : "repair=nearest changed the errors of %d rows, of which the first is row %d."
                .formatted(changed.length, table.number(changed[0])));
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
      Fault common = one && rows.size > 0 ? fault(0) : null;
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

    private Fault fault(int row) {
      int[] there = IntStream.range(0, d).filter(j -> rows.observed(row, j)).toArray();
      if (there.length == 0) {
        return Fault.lasting("no feature is observed");
      }
      for (int j : there) {
        double variance = rows.variance(row, j);
        if (!(variance >= 0)) {
          return Fault.lasting(
              "the %s of the error of '%s' is %s"
                  .formatted(
                      rows.full ? "variance" : "standard deviation",
                      name(j),
                      Double.isNaN(variance) ? "missing" : "negative"));
        }
        if (variance < FLOOR * FLOOR && needed == Soundness.DEFINITE) {
          if (repair == Repair.REFUSE) {
            return Fault.repairable(
                "'%s' has no error, and every feature needs one here".formatted(name(j)));
          }
          alone(row, j, FLOOR);
        }
      }
      return rows.full ? correlations(row, there) : null;
    }

    private String name(int feature) {
      return schema.features().get(feature).name();
    }

    /** Gives a feature an error of its own that has to do with no other's. */
    private void alone(int row, int feature, double variance) {
      rows.repaired[row] = true;
      if (!rows.full) {
        rows.noise[rows.at(row) + feature] = variance;
        return;
      }
      for (int other = 0; other < d; other++) {
        rows.noise[rows.at(row) + feature * d + other] = 0;
        rows.noise[rows.at(row) + other * d + feature] = 0;
      }
      rows.noise[rows.at(row) + feature * (d + 1)] = variance;
    }

    private Fault correlations(int row, int[] there) {
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
          // Negated, so that NaN is caught. Without a scale, they must be the same.
          if (!(Math.abs(c - other) <= ASYMMETRY * product)) {
            return Fault.lasting(
                "the covariance of its errors is not symmetric: %s and %s between '%s' and '%s' (standardised)"
                    .formatted(c, other, name(there[a]), name(there[b])));
          }
          if (a != b && scale[a] == 0 && c != 0) {
            if (repair == Repair.REFUSE) {
              return Fault.repairable(
                  "the covariance of its errors is not positive definite: '%s' has no error, and that has a covariance with '%s'"
                      .formatted(name(there[a]), name(there[b])));
            }
            alone(row, there[a], 0);
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
        return Fault.repairable(
            String.format(
                Locale.ROOT,
                "the covariance of its errors is not positive definite (least eigenvalue of the"
                    + " correlations %.3g)",
                smallest));
      }
      write(row, there, scale, eigen.raised(FLOOR));
      return null;
    }

    private void write(int row, int[] there, double[] scale, double[] r) {
      rows.repaired[row] = true;
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
