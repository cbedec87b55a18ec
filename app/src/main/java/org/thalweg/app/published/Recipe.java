package org.thalweg.app.published;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;

/** The steps that the sets share (Papamakarios and others, 2017, appendix D). */
final class Recipe {
  /** A column whose smallest value occurs more often is left out as discrete. */
  private static final int MOST_REPEATS = 5;

  /** Of two columns with a larger correlation, the first is left out. */
  private static final double MOST_CORRELATION = 0.98;

  private Recipe() {}

  /** The last tenth of the rows for test, the last tenth of the rest for validation. */
  static Parts lastTenths(Matrix all) {
    int kept = all.rows() - all.rows() / 10;
    return withTest(all.slice(0, kept), all.slice(kept, all.rows()));
  }

  /** The last tenth of the rows for validation; the test rows are given. */
  static Parts withTest(Matrix others, Matrix test) {
    int train = others.rows() - others.rows() / 10;
    return new Parts(others.slice(0, train), others.slice(train, others.rows()), test);
  }

  /** Standardised by what training and validation rows say together. */
  static Parts standardised(Parts parts) {
    Moments moments = Moments.population(parts.train(), parts.validation());
    return new Parts(
        moments.standardise(parts.train()),
        moments.standardise(parts.validation()),
        moments.standardise(parts.test()));
  }

  /** The columns, counted from 0, that a predicate keeps. */
  static Matrix columns(Matrix all, IntPredicate kept) {
    int[] which = IntStream.range(0, all.columns()).filter(kept).toArray();
    Matrix out = Matrix.zeros(all.rows(), which.length);
    for (int i = 0; i < all.rows(); i++) {
      for (int j = 0; j < which.length; j++) {
        out.values()[i * which.length + j] = all.get(i, which[j]);
      }
    }
    return out;
  }

  /** Whether the smallest value of each column is a repeated one. */
  static boolean[] discrete(Matrix all) {
    boolean[] out = new boolean[all.columns()];
    for (int j = 0; j < out.length; j++) {
      double[] column = all.column(j);
      double least = Arrays.stream(column).min().orElseThrow();
      out[j] = Arrays.stream(column).filter(v -> v == least).count() > MOST_REPEATS;
    }
    return out;
  }

  /** Leaves out the first column that is nearly the same as another, until there is none. */
  static Matrix uncorrelated(Matrix all) {
    double[][] correlations = correlations(all);
    int d = all.columns();
    boolean[] kept = new boolean[d];
    Arrays.fill(kept, true);
    for (int j = 0; j < d; j++) {
      int column = j;
      // Columns before this one were found to have no near twin among those that are left.
      kept[j] =
          IntStream.range(0, d)
              .noneMatch(k -> k != column && kept[k] && correlations[column][k] > MOST_CORRELATION);
    }
    return columns(all, j -> kept[j]);
  }

  private static double[][] correlations(Matrix all) {
    Matrix z = Moments.population(all).standardise(all);
    int d = all.columns();
    double[][] out = new double[d][d];
    for (int i = 0; i < z.rows(); i++) {
      for (int j = 0; j < d; j++) {
        for (int k = 0; k <= j; k++) {
          out[j][k] += z.get(i, j) * z.get(i, k) / z.rows();
        }
      }
    }
    for (int j = 0; j < d; j++) {
      for (int k = j + 1; k < d; k++) {
        out[j][k] = out[k][j];
      }
    }
    return out;
  }

  /** Means and standard deviations of columns. */
  record Moments(double[] mean, double[] deviation) {
    /** With the number of rows as the divisor, as numpy has it. */
    static Moments population(Matrix... parts) {
      return of(0, parts);
    }

    /** With one less, as pandas has it. */
    static Moments sample(Matrix... parts) {
      return of(1, parts);
    }

    private static Moments of(int less, Matrix... parts) {
      int d = parts[0].columns();
      double n = Arrays.stream(parts).mapToInt(Matrix::rows).sum();
      double[] mean = new double[d];
      double[] deviation = new double[d];
      for (Matrix part : parts) {
        for (int i = 0; i < part.values().length; i++) {
          mean[i % d] += part.values()[i] / n;
        }
      }
      for (Matrix part : parts) {
        for (int i = 0; i < part.values().length; i++) {
          double apart = part.values()[i] - mean[i % d];
          deviation[i % d] += apart * apart / (n - less);
        }
      }
      Arrays.setAll(deviation, j -> Math.sqrt(deviation[j]));
      return new Moments(mean, deviation);
    }

    Matrix standardise(Matrix x) {
      int d = mean.length;
      double[] out = new double[x.values().length];
      Arrays.setAll(out, i -> (x.values()[i] - mean[i % d]) / deviation[i % d]);
      return new Matrix(x.rows(), d, out);
    }
  }
}
