package org.thalweg.sbi.metric;

import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;

/**
 * The unbiased estimate of the squared maximum mean discrepancy with a Gaussian kernel {@code
 * exp(-d^2 / (2 h^2))} (Gretton et al. 2012, equation 3), in no unit. It may be negative.
 */
public final class Mmd {
  private Mmd() {}

  /** The bandwidth is the median distance within the reference, as in Lueckmann et al. (2021). */
  public static double ofReferenceBandwidth(Matrix reference, Matrix draws) {
    Standardised.check(reference, draws);
    return squared(reference, draws, median(reference));
  }

  /** The bandwidth is the median distance within both sets together, as in the thesis. */
  public static double ofPooledBandwidth(Matrix reference, Matrix draws) {
    Standardised.check(reference, draws);
    double[] values = new double[reference.values().length + draws.values().length];
    System.arraycopy(reference.values(), 0, values, 0, reference.values().length);
    System.arraycopy(draws.values(), 0, values, reference.values().length, draws.values().length);
    Matrix both = new Matrix(reference.rows() + draws.rows(), reference.columns(), values);
    return squared(reference, draws, median(both));
  }

  /** With a bandwidth in the unit of the columns. */
  public static double squared(Matrix a, Matrix b, double bandwidth) {
    double within = meanKernel(a, a, bandwidth, Pairs.DISTINCT);
    double others = meanKernel(b, b, bandwidth, Pairs.DISTINCT);
    return within + others - 2 * meanKernel(a, b, bandwidth, Pairs.ALL);
  }

  private enum Pairs {
    ALL,
    DISTINCT
  }

  private static double meanKernel(Matrix a, Matrix b, double bandwidth, Pairs pairs) {
    double factor = -0.5 / (bandwidth * bandwidth);
    // Sums of rows are added in order, so that threads do not change the bits.
    double[] sums =
        IntStream.range(0, a.rows())
            .parallel()
            .mapToDouble(
                i -> {
                  double sum = 0;
                  for (int j = 0; j < b.rows(); j++) {
                    if (pairs == Pairs.ALL || i != j) {
                      sum += Math.exp(factor * squaredDistance(a, i, b, j));
                    }
                  }
                  return sum;
                })
            .toArray();
    double sum = 0;
    for (double row : sums) {
      sum += row;
    }
    return sum / a.rows() / (pairs == Pairs.ALL ? b.rows() : b.rows() - 1);
  }

  private static double squaredDistance(Matrix a, int i, Matrix b, int j) {
    double sum = 0;
    for (int k = 0; k < a.columns(); k++) {
      double difference = a.get(i, k) - b.get(j, k);
      sum += difference * difference;
    }
    return sum;
  }

  /** The lower median of all distances between two rows. */
  static double median(Matrix rows) {
    int n = rows.rows();
    float[] distances = new float[Math.toIntExact((long) n * (n - 1) / 2)];
    IntStream.range(1, n)
        .parallel()
        .forEach(
            i -> {
              int at = Math.toIntExact((long) i * (i - 1) / 2);
              for (int j = 0; j < i; j++) {
                distances[at + j] = (float) Math.sqrt(squaredDistance(rows, i, rows, j));
              }
            });
    return select(distances, (distances.length - 1) / 2);
  }

  /** Hoare's selection of the k-th smallest, in place. */
  private static float select(float[] values, int k) {
    int low = 0;
    int high = values.length - 1;
    while (low < high) {
      float pivot = values[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float kept = values[i];
          values[i++] = values[j];
          values[j--] = kept;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        return values[k];
      }
    }
    return values[k];
  }
}
