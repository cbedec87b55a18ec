package org.thalweg.tck;

import java.util.Arrays;

/**
 * Points on the line, dense about a centre and reaching far: x = centre + scale sinh(u) for evenly
 * spaced u, with the weights of the trapezoid rule.
 *
 * @param points ascending
 * @param weights so that the sum of weight times density is its integral
 */
record Grid(double[] points, double[] weights) {
  /** To 200 scales on either side. */
  private static final double REACH = 6;

  static Grid of(double[] sample, int size) {
    double mean = Arrays.stream(sample).average().orElseThrow();
    double variance =
        Arrays.stream(sample).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double scale = Math.sqrt(variance);
    double step = 2 * REACH / (size - 1);
    double[] points = new double[size];
    double[] weights = new double[size];
    for (int i = 0; i < size; i++) {
      double u = -REACH + i * step;
      points[i] = mean + scale * Math.sinh(u);
      weights[i] = scale * Math.cosh(u) * step;
    }
    return new Grid(points, weights);
  }

  /** The integral of a density that is given at the points. */
  double integral(double[] density) {
    return Numbers.dot(weights, density);
  }

  /** The distribution function of a density that is given at the points, at one number. */
  double cumulative(double[] density, double at) {
    int last = points.length - 1;
    double sum = 0;
    for (int i = 0; i < last && points[i] < at; i++) {
      double width = points[i + 1] - points[i];
      double fraction = Math.min(1, (at - points[i]) / width);
      double end = density[i] + fraction * (density[i + 1] - density[i]);
      sum += fraction * width * (density[i] + end) / 2;
    }
    return sum;
  }

  /**
   * Kolmogorov and Smirnov's distance of a sample from a density that is given at the points.
   *
   * @param sample sorted here
   */
  double distance(double[] density, double[] sample) {
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    double worst = 0;
    for (int i = 0; i < sorted.length; i++) {
      double f = cumulative(density, sorted[i]);
      worst =
          Math.max(worst, Math.max(f - (double) i / sorted.length, (i + 1.0) / sorted.length - f));
    }
    return worst;
  }
}
