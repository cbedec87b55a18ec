package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/** Gradients as arrays of Java. */
final class HostDescent implements Descent {
  private final ParameterStore store;
  private final Adam adam;
  private final double[][] gradients;
  private final double[] losses;
  private final boolean[] begun;

  HostDescent(Engine engine, ParameterStore store, double weightDecay) {
    this.store = store;
    adam = new Adam(store.memory().dataType(), store.memorySize(), weightDecay);
    gradients = new double[engine.parallelism()][store.memorySize()];
    losses = new double[engine.parallelism()];
    begun = new boolean[engine.parallelism()];
  }

  @Override
  public void clear(int share) {
    begun[share] = false;
    losses[share] = 0;
  }

  @Override
  public void add(int share, Tape tape, NDArray loss, double weight) {
    if (begun[share]) {
      Gradients.add(tape, store, weight, gradients[share]);
    } else {
      Gradients.collect(tape, store, weight, gradients[share]);
    }
    begun[share] = true;
    losses[share] += weight * tape.engine().hostView(loss).toDoubles()[0];
  }

  @Override
  public Batch total(int shares) {
    double loss = Arrays.stream(losses, 0, shares).sum();
    return new Batch(loss, Gradients.norm(Gradients.sum(gradients, shares)));
  }

  @Override
  public void step(Batch batch, double rate, double limit) {
    Gradients.clip(gradients[0], batch.norm(), limit);
    adam.step(store.memory(), gradients[0], rate);
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
    // Arrays of Java.
  }
}
