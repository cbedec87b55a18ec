package org.thalweg.diffusion;

/**
 * A rate b(t) that rises linearly over [0, 1]: {@code b(t) = first + t (last - first)}.
 *
 * @param first b(0), above 0
 * @param last b(1), above {@code first}
 */
record Schedule(double first, double last) {
  /** Of Song and others (2021): 0.1 to 20. */
  public static final Schedule DEFAULT = new Schedule(0.1, 20);

  /** b(t). */
  double rate(double t) {
    return first + t * (last - first);
  }

  /** B(t), the integral of b from 0 to t. */
  double integral(double t) {
    return t * (first + 0.5 * t * (last - first));
  }

  /** The time that {@link #integral} has a value at: the root that loses no digits. */
  double time(double integral) {
    return 2 * integral / (first + Math.sqrt(first * first + 2 * (last - first) * integral));
  }
}
