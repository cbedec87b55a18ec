package org.thalweg.sbi.sampler;

/** The logarithm of a density up to a constant, for many chains that may each have their own. */
public interface Potential {
  /** P, the numbers in a point. */
  int dimension();

  /**
   * The log-density of points.
   *
   * @param chains the chain that each point belongs to, N of them
   * @param points {@code N * P} numbers, point after point
   * @return N numbers in nats, minus infinity where the density is 0; never NaN
   */
  double[] logDensity(int[] chains, double[] points);
}
