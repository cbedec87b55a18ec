package org.thalweg.toolkit.infer;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.thalweg.api.error.ThalwegException;

/**
 * Whether chains of one parameter have met, and how much they know.
 *
 * <p>Vehtari, Gelman, Simpson, Carpenter and Bürkner, Rank-normalization, folding, and
 * localization: an improved R-hat for assessing convergence of MCMC, Bayesian Analysis 16 (2021).
 *
 * @param rHat rank-normalised, split, the larger one of bulk and folded; above 1.01 the chains have
 *     not met; 1 where all draws are equal
 * @param bulkEss the effective sample size for the centre of the distribution; the number of draws
 *     where all are equal
 * @param tailEss the smaller one of the effective sample sizes for the 5 % and the 95 % quantile
 */
public record ChainDiagnostics(double rHat, double bulkEss, double tailEss) {
  private static final int FEWEST_DRAWS = 4;

  /** Blom's offset of ranks. */
  private static final double OFFSET = 3.0 / 8;

  /**
   * Judges chains.
   *
   * @param chains {@code [M, N]} finite draws of one parameter: M chains of N >= 4 draws in order
   * @throws ThalwegException exit code 2 where there are fewer, where lengths differ, or where a
   *     draw is not finite
   */
  public static ChainDiagnostics of(double[][] chains) {
    require(chains);
    double[][] halves = split(chains);
    double[] all = sorted(chains);
    double median = quantile(sorted(halves), 0.5);
    double bulk = rHatOf(ranked(halves));
    double tails = rHatOf(ranked(map(halves, v -> Math.abs(v - median))));
    return new ChainDiagnostics(
        Math.max(bulk, tails),
        EffectiveSampleSize.of(ranked(halves)),
        Math.min(essBelow(halves, quantile(all, 0.05)), essBelow(halves, quantile(all, 0.95))));
  }

  private static void require(double[][] chains) {
    int draws = chains.length == 0 ? 0 : chains[0].length;
    if (draws < FEWEST_DRAWS) {
      throw ThalwegException.usage(
          "Chains are judged from %d draws on, got %d chains of %d.",
          FEWEST_DRAWS, chains.length, draws);
    }
    for (double[] chain : chains) {
      if (chain.length != draws) {
        throw ThalwegException.usage(
            "Chains must be equally long, got %d and %d draws.", draws, chain.length);
      }
      if (!Arrays.stream(chain).allMatch(Double::isFinite)) {
        throw ThalwegException.usage("A chain holds a draw that is not finite.");
      }
    }
  }

  /** Each chain becomes two; the middle one of an odd number of draws is left out. */
  private static double[][] split(double[][] chains) {
    int half = chains[0].length / 2;
    double[][] out = new double[2 * chains.length][];
    for (int i = 0; i < chains.length; i++) {
      out[i] = Arrays.copyOf(chains[i], half);
      out[i + chains.length] =
          Arrays.copyOfRange(chains[i], chains[i].length - half, chains[i].length);
    }
    return out;
  }

  private static double essBelow(double[][] halves, double bound) {
    return EffectiveSampleSize.of(map(halves, v -> v <= bound ? 1 : 0));
  }

  private static double[][] map(double[][] chains, DoubleUnaryOperator of) {
    return Arrays.stream(chains)
        .map(chain -> Arrays.stream(chain).map(of).toArray())
        .toArray(double[][]::new);
  }

  private static double[] sorted(double[][] chains) {
    return Arrays.stream(chains).flatMapToDouble(Arrays::stream).sorted().toArray();
  }

  /** Between two of the sorted values, by linear interpolation. */
  private static double quantile(double[] sorted, double fraction) {
    double at = fraction * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** Normal scores of the ranks among all draws; equal draws share their mean rank. */
  private static double[][] ranked(double[][] chains) {
    double[] sorted = sorted(chains);
    int n = sorted.length;
    return map(
        chains,
        value -> {
          double rank = (first(sorted, value) + 1 + first(sorted, Math.nextUp(value))) / 2.0;
          return Special.normalQuantile((rank - OFFSET) / (n - 2 * OFFSET + 1));
        });
  }

  /** How many of the sorted values are smaller. */
  private static int first(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double rHatOf(double[][] chains) {
    int n = chains[0].length;
    double within = Arrays.stream(chains).mapToDouble(Spread::variance).average().orElseThrow();
    double between = Spread.variance(Arrays.stream(chains).mapToDouble(Spread::mean).toArray());
    if (between == 0) {
      return within == 0 ? 1 : Math.sqrt((n - 1.0) / n);
    }
    return Math.sqrt(between / within + (n - 1.0) / n);
  }
}
