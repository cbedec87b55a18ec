package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.toolkit.nn.Ops;

/**
 * {@link Adam} on a device: the same formula, a dozen operations over all weights at once. A step
 * waits for nothing. Its state is written as {@link Adam} writes it.
 */
final class DeviceAdam {
  private final Engine engine;
  private final NDManager manager;
  private final int size;
  private final double weightDecay;
  private final NDArray weights;
  private final NDArray first;
  private final NDArray second;
  private final NDArray keepFirst;
  private final NDArray takeFirst;
  private final NDArray keepSecond;
  private final NDArray takeSecond;
  private final NDArray epsilon;
  private long step;

  /**
   * A fresh optimiser.
   *
   * @param manager holds its tensors
   */
  DeviceAdam(Engine engine, NDManager manager, ParameterStore store, double weightDecay) {
    this.engine = engine;
    this.manager = manager;
    this.size = store.memorySize();
    this.weightDecay = weightDecay;
    Shape shape = new Shape(size);
    weights = store.memory().view(manager, 0, shape);
    first = manager.zeros(shape, engine.dataType());
    second = manager.zeros(shape, engine.dataType());
    keepFirst = scalar(manager, Moments.BETA1);
    takeFirst = scalar(manager, 1 - Moments.BETA1);
    keepSecond = scalar(manager, Moments.BETA2);
    takeSecond = scalar(manager, 1 - Moments.BETA2);
    epsilon = scalar(manager, Moments.EPSILON);
  }

  /** Takes one step; the gradient is on the device, and not needed afterwards. */
  void step(NDArray gradient, double learningRate) {
    step++;
    double rate = learningRate / (1 - Math.pow(Moments.BETA1, step));
    double correction = 1 / Math.sqrt(1 - Math.pow(Moments.BETA2, step));
    double keep = 1 - learningRate * weightDecay;
    try (NDManager own = manager.newSubManager()) {
      NDArray g = gradient;
      NDArray taken = on(own, g.mul(takeFirst));
      first.muli(keepFirst).addi(taken);
      NDArray square = on(own, g.square());
      square.muli(takeSecond);
      second.muli(keepSecond).addi(square);
      NDArray root = on(own, second.sqrt());
      root.muli(scalar(own, correction)).addi(epsilon);
      NDArray move = on(own, first.mul(scalar(own, rate)));
      if (keep != 1) {
        weights.muli(scalar(own, keep));
      }
      weights.subi(move.divi(root));
    }
  }

  private static NDArray on(NDManager manager, NDArray array) {
    array.attach(manager);
    return array;
  }

  private NDArray scalar(NDManager own, double value) {
    return Ops.number(own, engine.dataType(), value);
  }

  void save(ModelWriter writer) {
    writer.value("adam.step", step);
    writer.tensor("adam.first", Tensor.of(engine.hostView(first).toDoubles(), size));
    writer.tensor("adam.second", Tensor.of(engine.hostView(second).toDoubles(), size));
  }

  void restore(ModelReader reader) {
    step = ((Number) reader.values().get("adam.step")).longValue();
    set(first, reader.tensor("adam.first").toDoubles());
    set(second, reader.tensor("adam.second").toDoubles());
  }

  void reset() {
    step = 0;
    set(first, new double[size]);
    set(second, new double[size]);
  }

  /** In place. */
  private void set(NDArray moments, double[] values) {
    if (values.length != size) {
      throw ThalwegException.data(
          "The checkpoint holds the state of %d weights, the model has %d.", values.length, size);
    }
    try (NDArray copy = tensor(values)) {
      moments.muli(0).addi(copy);
    }
  }

  private NDArray tensor(double[] values) {
    Shape shape = new Shape(size);
    if (engine.dataType() == DataType.FLOAT64) {
      return manager.create(DoubleBuffer.wrap(values), shape, DataType.FLOAT64);
    }
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(FloatBuffer.wrap(floats), shape, DataType.FLOAT32);
  }
}
