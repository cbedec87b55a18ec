package org.thalweg.aem;

/**
 * The kernel density that stands for an energy machine.
 *
 * @param bandwidth the s.d. of each kernel, in those of the column
 * @param mix the proposal's share
 */
record Kernel(double bandwidth, double mix) {
  /** Where there are no rows to choose by. */
  static final Kernel CAUTIOUS = new Kernel(0.1, 0.5);
}
