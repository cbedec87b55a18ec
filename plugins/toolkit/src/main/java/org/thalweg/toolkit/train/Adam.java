package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.thalweg.api.data.Tensor;
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
    var bytes = memory.host().duplicate().order(ByteOrder.nativeOrder());
    if (memory.dataType() == DataType.FLOAT32) {
      FloatBuffer weights = bytes.asFloatBuffer();
      for (int i = 0; i < gradient.length; i++) {
        double change = rate * direction(i, gradient[i], correction);
        weights.put(i, (float) (keep * weights.get(i) - change));
      }
    } else {
      DoubleBuffer weights = bytes.asDoubleBuffer();
      for (int i = 0; i < gradient.length; i++) {
        double change = rate * direction(i, gradient[i], correction);
        weights.put(i, keep * weights.get(i) - change);
      }
    }
    memory.publish();
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

  private double direction(int i, double g, double correction) {
    double m = BETA1 * first[i] + (1 - BETA1) * g;
    double v = BETA2 * second[i] + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    return m / (Math.sqrt(v) * correction + EPSILON);
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
