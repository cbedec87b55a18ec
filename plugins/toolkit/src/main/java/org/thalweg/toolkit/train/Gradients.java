package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Tape;

/** Gradients of all trainable parameters, laid out like the store's memory. */
final class Gradients {
  private Gradients() {}

  /** Copies a tape's gradients, times {@code weight}, into {@code out}. */
  static void collect(Tape tape, ParameterStore store, double weight, double[] out) {
    for (Parameter p : store.trainable()) {
      HostArray gradient = tape.engine().hostView(tape.gradient(p));
      int start = Math.toIntExact(p.offset());
      int size = gradient.size();
      if (gradient.type() == DataType.FLOAT32) {
        var floats = gradient.floats();
        for (int i = 0; i < size; i++) {
          out[start + i] = weight * floats.get(i);
        }
      } else {
        var doubles = gradient.doubles();
        for (int i = 0; i < size; i++) {
          out[start + i] = weight * doubles.get(i);
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
    double sum = 0;
    for (double g : gradient) {
      sum += g * g;
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
