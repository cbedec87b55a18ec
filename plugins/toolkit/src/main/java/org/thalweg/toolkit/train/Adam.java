package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019)
 * over one flat memory. Its state can be read and restored bit for bit.
 */
public final class Adam {
  private final int size;
  private final double weightDecay;
  private final Moments moments;
  private long step;

  /**
   * A fresh optimiser.
   *
   * @param type of the memory
   * @param size the number of elements of the memory
   * @param weightDecay the fraction that a weight loses in a step of size 1
   */
  public Adam(DataType type, int size, double weightDecay) {
    this.size = size;
    this.weightDecay = weightDecay;
    this.moments = Moments.zero(type, size);
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
    double rate = learningRate / (1 - Math.pow(Moments.BETA1, step));
    double correction = 1 / Math.sqrt(1 - Math.pow(Moments.BETA2, step));
    double keep = 1 - learningRate * weightDecay;
    HostArray weights = Elements.view(memory, 0, new Shape(gradient.length));
    moments.step(weights, gradient, rate, correction, keep);
    memory.publish();
  }

  /** Writes the state. */
  public void save(ModelWriter writer) {
    writer.value("adam.step", step);
    writer.tensor("adam.first", Tensor.of(moments.first(), size));
    writer.tensor("adam.second", Tensor.of(moments.second(), size));
  }

  /** Reads the state back. */
  public void restore(ModelReader reader) {
    step = ((Number) reader.values().get("adam.step")).longValue();
    moments.set(values(reader, "adam.first"), values(reader, "adam.second"));
  }

  /** Forgets the moments, as after a restart from other weights. */
  public void reset() {
    step = 0;
    moments.set(new double[size], new double[size]);
  }

  private double[] values(ModelReader reader, String name) {
    double[] values = reader.tensor(name).toDoubles();
    if (values.length != size) {
      throw ThalwegException.data(
          "The checkpoint holds the state of %d weights, the model has %d.", values.length, size);
    }
    return values;
  }
}
