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

  /** The i-th of {@code count} pieces of about equal size; the only one is the share itself. */
  Share piece(int i, int count) {
    if (count == 1) {
      return this;
    }
    int start = from + (int) ((long) size() * i / count);
    int end = from + (int) ((long) size() * (i + 1) / count);
    return new Share(batch, start, end, epoch, step, totalSteps, seed.child("piece").child(i));
  }

  /** A share of its first rows alone. */
  Share first(int rows) {
    return new Share(batch, from, from + rows, epoch, step, totalSteps, seed);
  }

  /** The number of the worker's own rows. */
  public int size() {
    return to - from;
  }
}
