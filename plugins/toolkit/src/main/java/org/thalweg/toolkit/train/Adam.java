package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.HostNumbers;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019)
 * over one flat memory. Its state can be read and restored bit for bit.
 */
public final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /** Elements that are computed at a time, in the first cache. */
  private static final int BLOCK = 512;

  private final double weightDecay;
  private final double[] first;
  private final double[] second;
  private long step;

  /**
   * A fresh optimiser.
   *
   * @param size the number of elements of the memory
   * @param weightDecay the fraction that a weight loses in a step of size 1
   */
  public Adam(int size, double weightDecay) {
    this.weightDecay = weightDecay;
    this.first = new double[size];
    this.second = new double[size];
  }

  /**
   * Takes one step and publishes it.
   *
   * @param memory the weights, written in place
   * @param gradient d loss / d weight, one for each element; finite
   * @param learningRate the step size
   */
  public void step(Storage memory, double[] gradient, double learningRate) {
    step++;
    double rate = learningRate / (1 - Math.pow(BETA1, step));
    double correction = 1 / Math.sqrt(1 - Math.pow(BETA2, step));
    double keep = 1 - learningRate * weightDecay;
    HostNumbers weights = Elements.view(memory, 0, new Shape(gradient.length)).numbers();
    double[] some = new double[BLOCK];
    double[] moves = new double[BLOCK];
    for (int from = 0; from < gradient.length; from += BLOCK) {
      int count = Math.min(BLOCK, gradient.length - from);
      moments(first, second, gradient, from, count);
      directions(first, second, from, correction, moves, count);
      weights.read(from, some, count);
      for (int i = 0; i < count; i++) {
        some[i] = keep * some[i] - rate * moves[i];
      }
      weights.write(from, some, count);
    }
    memory.publish();
  }

  // Short loops over arrays and nothing else are what the JIT compiler turns into vector code.

  private static void moments(
      double[] first, double[] second, double[] gradient, int from, int count) {
    for (int i = from; i < from + count; i++) {
      double g = gradient[i];
      first[i] = BETA1 * first[i] + (1 - BETA1) * g;
      second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
    }
  }

  private static void directions(
      double[] first, double[] second, int from, double correction, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = first[from + i] / (Math.sqrt(second[from + i]) * correction + EPSILON);
    }
  }

  /** Writes the state. */
  public void save(ModelWriter writer) {
    writer.value("adam.step", step);
    writer.tensor("adam.first", Tensor.of(first, first.length));
    writer.tensor("adam.second", Tensor.of(second, second.length));
  }

  /** Reads the state back. */
  public void restore(ModelReader reader) {
    step = ((Number) reader.values().get("adam.step")).longValue();
    copy(reader.tensor("adam.first"), first);
    copy(reader.tensor("adam.second"), second);
  }

  /** Forgets the moments, as after a restart from other weights. */
  public void reset() {
    step = 0;
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
  }

  private static void copy(Tensor from, double[] to) {
    double[] values = from.toDoubles();
    if (values.length != to.length) {
      throw ThalwegException.data(
          "The checkpoint holds the state of %d weights, the model has %d.",
          values.length, to.length);
    }
    System.arraycopy(values, 0, to, 0, to.length);
  }
}
