package org.thalweg.toolkit.train;

import java.util.Arrays;
import org.thalweg.api.random.Seed;

/**
 * What one worker does of one step.
 *
 * @param batch the training rows of the whole step, by index
 * @param from the first of the worker's own, as a position in {@code batch}
 * @param to one past the last
 * @param epoch passes over the training rows so far
 * @param step steps taken so far
 * @param totalSteps the most steps there can be
 * @param seed the origin of what is random in this share
 */
public record Share(
    int[] batch, int from, int to, int epoch, long step, long totalSteps, Seed seed) {
  /** The worker's own rows. */
  public int[] rows() {
    return Arrays.copyOfRange(batch, from, to);
  }

  /** The number of the worker's own rows. */
  public int size() {
    return to - from;
  }
}
