package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.DoubleBuffer;
import org.thalweg.api.engine.Engine;

/** A mean of the weights that stays on the device, in double precision. */
final class DeviceMean implements AutoCloseable {
  private final Engine engine;
  private final NDManager manager;
  private final NDArray weights;
  private final NDArray mean;

  /** Starts at the weights. */
  DeviceMean(Engine engine, ParameterStore store) {
    this.engine = engine;
    manager = engine.newManager();
    weights = store.memory().view(manager, 0, new Shape(store.memorySize()));
    mean = copy();
  }

  /** The weights now. Where the type stays, the library's change of type is no copy. */
  private NDArray copy() {
    return weights.getDataType() == DataType.FLOAT64
        ? weights.duplicate()
        : weights.toType(DataType.FLOAT64, true);
  }

  /** Keeps a share of itself, and takes the rest from the weights. */
  void add(double keep) {
    // As a difference, so that a factor in single precision, made on the device, is no drift.
    try (NDArray taken = manager.full(new Shape(), (float) (1 - keep), DataType.FLOAT64);
        NDArray now = copy()) {
      mean.addi(now.subi(mean).muli(taken));
    }
  }

  double[] get() {
    return engine.hostView(mean).toDoubles();
  }

  /** In place. */
  void set(double[] values) {
    Shape shape = new Shape(values.length);
    try (NDArray copy = manager.create(DoubleBuffer.wrap(values), shape, DataType.FLOAT64)) {
      mean.muli(0).addi(copy);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
