package org.thalweg.toolkit.train;

import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.HostNumbers;
import org.thalweg.api.engine.Tape;

/** Gradients of all trainable parameters, laid out like the store's memory. */
final class Gradients {
  /** Elements that are copied at a time. */
  private static final int BLOCK = 1024;

  private Gradients() {}

  /** Copies a tape's gradients, times {@code weight}, into {@code out}. */
  static void collect(Tape tape, ParameterStore store, double weight, double[] out) {
    copy(tape, store, weight, out, Writing.SET);
  }

  /** Adds a tape's gradients, times {@code weight}, to {@code out}. */
  static void add(Tape tape, ParameterStore store, double weight, double[] out) {
    copy(tape, store, weight, out, Writing.ADD);
  }

  private enum Writing {
    SET,
    ADD
  }

  private static void copy(
      Tape tape, ParameterStore store, double weight, double[] out, Writing writing) {
    double[] some = new double[BLOCK];
    for (Parameter p : store.trainable()) {
      HostArray gradient = tape.engine().hostView(tape.gradient(p));
      HostNumbers numbers = gradient.numbers();
      int start = Math.toIntExact(p.offset());
      int size = gradient.size();
      for (int from = 0; from < size; from += BLOCK) {
        int count = Math.min(BLOCK, size - from);
        numbers.read(from, some, count);
        if (writing == Writing.SET) {
          for (int i = 0; i < count; i++) {
            out[start + from + i] = weight * some[i];
          }
        } else {
          for (int i = 0; i < count; i++) {
            out[start + from + i] += weight * some[i];
          }
        }
      }
    }
  }

  /** Sums in the order of the workers, so that the result does not depend on who was first. */
  static double[] sum(double[][] perWorker, int workers) {
    double[] total = perWorker[0];
    for (int w = 1; w < workers; w++) {
      double[] part = perWorker[w];
      for (int i = 0; i < total.length; i++) {
        total[i] += part[i];
      }
    }
    return total;
  }

  /** The global Euclidean norm. */
  static double norm(double[] gradient) {
    // Four sums at once: one alone waits for its own last addition.
    double[] sums = new double[4];
    int quarter = gradient.length / 4;
    for (int i = 0; i < quarter; i++) {
      for (int k = 0; k < 4; k++) {
        double g = gradient[k * quarter + i];
        sums[k] += g * g;
      }
    }
    double sum = sums[0] + sums[1] + sums[2] + sums[3];
    for (int i = 4 * quarter; i < gradient.length; i++) {
      sum += gradient[i] * gradient[i];
    }
    return Math.sqrt(sum);
  }

  /** Scales in place so that the norm is at most {@code limit}. */
  static void clip(double[] gradient, double norm, double limit) {
    if (limit > 0 && norm > limit) {
      double factor = limit / norm;
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
