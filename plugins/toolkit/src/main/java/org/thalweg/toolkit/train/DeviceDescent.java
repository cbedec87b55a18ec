package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.toolkit.nn.Ops;

/**
 * Gradients and moments as tensors of the device, laid out like the store's memory; of several
 * devices the first adds up the gradients, moves the weights, and hands them on. The loss and the
 * gradient's norm come back together, and nothing else does: whether a step is taken, and how far,
 * is decided on the host.
 */
final class DeviceDescent implements Descent {
  private final Engine engine;
  private final ParameterStore store;
  private final DeviceAdam adam;
  private final NDManager manager;
  private final NDArray[] gradients;
  private final NDArray[] losses;

  /** What lies between weights in the memory: zeros by their number, of each share's device. */
  private final List<Map<Long, NDArray>> padding = new ArrayList<>();

  DeviceDescent(Engine engine, ParameterStore store, double weightDecay) {
    this.engine = engine;
    this.store = store;
    manager = engine.newManager();
    adam = new DeviceAdam(engine, manager, store, weightDecay);
    gradients = new NDArray[engine.parallelism()];
    losses = new NDArray[engine.parallelism()];
    for (int share = 0; share < losses.length; share++) {
      padding.add(new HashMap<>());
    }
  }

  @Override
  public void clear(int share) {
    if (gradients[share] != null) {
      gradients[share].close();
      losses[share].close();
      gradients[share] = null;
      losses[share] = null;
    }
  }

  @Override
  public void add(int share, Tape tape, NDArray loss, double weight) {
    NDArray ofBatch = Ops.number(loss, weight);
    NDArray gradient = flat(share, tape).mul(ofBatch);
    NDArray part = loss.stopGradient().mul(ofBatch);
    if (gradients[share] == null) {
      gradients[share] = gradient;
      losses[share] = part;
      // They outlive the tape, until the next step.
      gradient.attach(manager);
      part.attach(manager);
    } else {
      gradients[share].addi(gradient);
      losses[share].addi(part);
    }
  }

  /** All gradients one after another, with zeros where the memory has padding. */
  private NDArray flat(int share, Tape tape) {
    NDList parts = new NDList();
    long end = 0;
    for (Parameter p : store.trainable()) {
      pad(share, tape, parts, p.offset() - end);
      parts.add(tape.gradient(p).flatten());
      end = p.offset() + p.shape().size();
    }
    pad(share, tape, parts, store.memorySize() - end);
    return Ops.concat(parts, 0);
  }

  private void pad(int share, Tape tape, NDList parts, long elements) {
    if (elements > 0) {
      parts.add(padding.get(share).computeIfAbsent(elements, n -> lastingZeros(tape, n)));
    }
  }

  private NDArray lastingZeros(Tape tape, long elements) {
    NDArray zeros = tape.manager().zeros(new Shape(elements), engine.dataType());
    zeros.attach(manager);
    return zeros;
  }

  @Override
  public Batch total(int shares) {
    for (int w = 1; w < shares; w++) {
      add(gradients[0], gradients[w]);
      add(losses[0], losses[w]);
    }
    try (NDManager own = manager.newSubManager()) {
      NDArray gradient = gradients[0];
      gradient.attach(own);
      // In single precision a sum of very many squares loses digits, and may overflow.
      NDArray norm = gradient.toType(DataType.FLOAT64, false).square().sum().sqrt();
      NDArray loss = losses[0].toType(DataType.FLOAT64, true);
      loss.attach(own);
      NDArray both = NDArrays.stack(new NDList(loss.reshape(1), norm.reshape(1)));
      double[] numbers = engine.hostView(both).toDoubles();
      gradient.attach(manager);
      return new Batch(numbers[0], numbers[1]);
    }
  }

  /** Adds what may lie on another device. */
  private static void add(NDArray sum, NDArray part) {
    NDArray near = part.toDevice(sum.getDevice(), false);
    sum.addi(near);
    if (near != part) {
      near.close();
    }
  }

  @Override
  public void step(Batch batch, double rate, double limit) {
    if (limit > 0 && batch.norm() > limit) {
      try (NDArray factor = Ops.number(gradients[0], limit / batch.norm())) {
        gradients[0].muli(factor);
      }
    }
    adam.step(gradients[0], rate);
    store.memory().spread();
  }

  @Override
  public void save(ModelWriter writer) {
    adam.save(writer);
  }

  @Override
  public void restore(ModelReader reader) {
    adam.restore(reader);
  }

  @Override
  public void reset() {
    adam.reset();
  }

  @Override
  public void close() {
    manager.close();
  }
}
