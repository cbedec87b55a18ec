package org.thalweg.sbi.sampler;

/** A potential with a gradient. */
public interface DifferentiablePotential extends Potential {
  /**
   * Values with gradients.
   *
   * @param values N numbers in nats
   * @param gradients {@code N * P} numbers, the gradient of each point after that of another
   */
  record Gradient(double[] values, double[] gradients) {}

  /** The log-density of points, see {@link #logDensity}, with its gradient in each. */
  Gradient gradient(int[] chains, double[] points);
}
