package org.thalweg.toolkit.infer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * Pareto-smoothed importance sampling: weights that turn draws of an approximation into draws of a
 * target, and a figure that says whether they can.
 *
 * <p>Vehtari, Simpson, Gelman, Yao and Gabry, Pareto smoothed importance sampling, JMLR 25 (2024).
 * Weights of draws where the target has no mass are 0.
 *
 * @param kHat the shape of the weights' tail, up to {@link #limit} for weights to be trusted;
 *     infinite where fewer than five weights make the tail, 0 where the largest weights are all
 *     equal, as then there is none
 * @param logWeights {@code [S]}, smoothed and normalised: their exponentials sum to 1
 * @param logMeanRatio the logarithm of the mean of the smoothed ratios: the log evidence where the
 *     target is a joint density, in nats
 */
public record Psis(double kHat, double[] logWeights, double logMeanRatio) {
  /** Above this k-hat no moment of the weights exists, and resampling has no meaning. */
  private static final double HOPELESS = 1;

  private static final int FEWEST_IN_TAIL = 5;

  private static final double SMALLEST = Math.log(Double.MIN_NORMAL);

  /**
   * Smooths importance ratios of independent draws.
   *
   * @param logRatios {@code [S]}: log target minus log approximation at draws of the latter, in
   *     nats, up to a constant
   * @throws ThalwegException exit code 3 where a ratio is not a number or infinitely large, or
   *     where the target has no mass at any draw
   */
  public static Psis of(double[] logRatios) {
    double most = largest(logRatios);
    double[] x = Arrays.stream(logRatios).map(ratio -> ratio - most).toArray();
    int[] ascending =
        IntStream.range(0, x.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> x[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int largest = (int) Math.ceil(Math.min(x.length / 5.0, 3 * Math.sqrt(x.length)));
    double cutoff = Math.max(x[ascending[Math.max(0, x.length - 1 - largest)]], SMALLEST);
    int[] tail = Arrays.stream(ascending).filter(i -> x[i] > cutoff).toArray();
    double kHat = smooth(x, tail, cutoff);
    double total = Special.logSumExp(x);
    double[] normalised = Arrays.stream(x).map(value -> value - total).toArray();
    return new Psis(kHat, normalised, total + most - Math.log(x.length));
  }

  private static double largest(double[] logRatios) {
    long bad =
        Arrays.stream(logRatios)
            .filter(ratio -> Double.isNaN(ratio) || ratio == Double.POSITIVE_INFINITY)
            .count();
    if (bad > 0) {
      throw ThalwegException.data(
          "%d of %d importance ratios are not a number or infinite: the target or the approximation "
              + "returns such log-densities.",
          bad, logRatios.length);
    }
    double most = Arrays.stream(logRatios).max().orElse(Double.NEGATIVE_INFINITY);
    if (most == Double.NEGATIVE_INFINITY) {
      throw ThalwegException.data(
          "The target has no mass at any of %d draws of the approximation: there is nothing to "
              + "weigh.",
          logRatios.length);
    }
    return most;
  }

  /**
   * Replaces the tail by expected order statistics of the distribution that fits it, in place.
   *
   * @param x log ratios, the largest 0
   * @param tail the indices of those above the cutoff, ascending by value
   */
  private static double smooth(double[] x, int[] tail, double cutoff) {
    if (tail.length < FEWEST_IN_TAIL) {
      return tail.length == 0 && x.length > FEWEST_IN_TAIL ? 0 : Double.POSITIVE_INFINITY;
    }
    // In units of the cutoff, so that tails far below the largest ratio keep their digits.
    double[] exceedances =
        Arrays.stream(tail).mapToDouble(i -> Math.expm1(x[i] - cutoff)).toArray();
    GeneralisedPareto fit = GeneralisedPareto.fit(exceedances);
    if (!Double.isFinite(fit.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    for (int i = 0; i < tail.length; i++) {
      double smoothed = cutoff + Math.log1p(fit.quantile((i + 0.5) / tail.length));
      x[tail[i]] = Math.min(0, smoothed);
    }
    return fit.shape();
  }

  /**
   * The largest k-hat that so many draws are enough for: min(1 - 1 / log10 S, 0.7).
   *
   * @param draws S, at least 2
   */
  public static double limit(int draws) {
    return Math.min(1 - 1 / Math.log10(draws), 0.7);
  }

  /** Whether k-hat is below the limit of so many draws. */
  public boolean reliable() {
    return kHat < limit(logWeights.length);
  }

  /** The weights, which sum to 1. */
  public double[] weights() {
    return Arrays.stream(logWeights).map(Math::exp).toArray();
  }

  /**
   * How many draws of the target itself would estimate a mean as well; means little if not {@link
   * #reliable}.
   */
  public double effectiveSampleSize() {
    return 1 / Arrays.stream(logWeights).map(w -> Math.exp(2 * w)).sum();
  }

  /**
   * The target's means.
   *
   * @param draws {@code [S, P]}, those that the ratios belong to
   */
  public double[] mean(Matrix draws) {
    double[] weights = weightsOf(draws);
    double[] out = new double[draws.columns()];
    for (int i = 0; i < draws.rows(); i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += weights[i] * draws.get(i, j);
      }
    }
    return out;
  }

  /** The target's standard deviations; see {@link #mean}. */
  public double[] standardDeviation(Matrix draws) {
    double[] weights = weightsOf(draws);
    double[] mean = mean(draws);
    double[] out = new double[draws.columns()];
    for (int i = 0; i < draws.rows(); i++) {
      for (int j = 0; j < out.length; j++) {
        double difference = draws.get(i, j) - mean[j];
        out[j] += weights[i] * difference * difference;
      }
    }
    return Arrays.stream(out).map(Math::sqrt).toArray();
  }

  /**
   * Draws of the target: some of the approximation's, with replacement, by weight.
   *
   * @param draws {@code [S, P]}, those that the ratios belong to
   * @throws ThalwegException exit code 3 where k-hat is above 1
   */
  public Matrix resample(Matrix draws, int n, Seed seed) {
    double[] cumulative = weightsOf(draws);
    if (!(kHat <= HOPELESS)) {
      throw ThalwegException.data(
          "Draws are not resampled with a k-hat of %.3f: above 1 the weights have no mean, and a few "
              + "draws would be all that is left. Use an approximation nearer to the target.",
          kHat);
    }
    Arrays.parallelPrefix(cumulative, Double::sum);
    SplittableRandom random = seed.generator();
    double total = cumulative[cumulative.length - 1];
    int[] chosen = new int[n];
    for (int i = 0; i < n; i++) {
      int at = Arrays.binarySearch(cumulative, random.nextDouble() * total);
      // A number that is met exactly belongs to the next draw, as weights of 0 repeat it.
      chosen[i] = at < 0 ? -at - 1 : after(cumulative, at);
    }
    return draws.select(chosen);
  }

  private static int after(double[] cumulative, int at) {
    int next = at;
    while (next < cumulative.length - 1 && cumulative[next] <= cumulative[at]) {
      next++;
    }
    return next;
  }

  private double[] weightsOf(Matrix draws) {
    if (draws.rows() != logWeights.length) {
      throw ThalwegException.usage(
          "%d draws do not go with %d weights.", draws.rows(), logWeights.length);
    }
    return weights();
  }
}
