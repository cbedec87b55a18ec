package org.thalweg.toolkit.train;

import java.util.Optional;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * An exponential moving average of the trainable weights over the steps (Polyak and Juditsky,
 * 1992), in double precision. It keeps {@code min(decay, (1 + n) / (10 + n))} of itself in step n,
 * so that the first steps are soon forgotten.
 */
final class MovingAverage implements AutoCloseable {
  private final ParameterStore store;
  private final Optional<DeviceMean> device;
  private final double decay;
  private double[] mean;
  private long steps;
  private long restarts;

  /**
   * An average that starts at the store's weights.
   *
   * @param decay 0: the average is the weights
   */
  MovingAverage(Engine engine, ParameterStore store, double decay) {
    this.store = store;
    this.device =
        decay > 0 && !engine.hostViews()
            ? Optional.of(new DeviceMean(engine, store))
            : Optional.empty();
    this.decay = decay;
    if (decay > 0) {
      store.keepAverage();
    }
    this.mean = decay > 0 ? store.snapshot() : new double[0];
  }

  private boolean off() {
    return decay == 0;
  }

  /** Takes the store's weights in. */
  void add() {
    if (off()) {
      return;
    }
    steps++;
    double keep = Math.min(decay, (1.0 + steps) / (10.0 + steps));
    if (device.isPresent()) {
      device.get().add(keep);
      return;
    }
    double[] now = store.snapshot();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = keep * mean[i] + (1 - keep) * now[i];
    }
  }

  /**
   * Runs something with the average in the store. The weights come back afterwards, in place, as
   * tensors share their memory, unless the store was restored to others meanwhile.
   */
  void with(Runnable body) {
    if (off()) {
      body.run();
      return;
    }
    double[] weights = store.snapshot();
    long before = restarts;
    fetch();
    store.restore(mean);
    body.run();
    if (restarts == before) {
      store.restore(weights);
    }
  }

  /** Begins again at the store's weights. */
  void restart() {
    restarts++;
    steps = 0;
    if (!off()) {
      mean = store.snapshot();
      device.ifPresent(on -> on.set(mean));
    }
  }

  private void fetch() {
    device.ifPresent(on -> mean = on.get());
  }

  void save(ModelWriter writer) {
    if (!off()) {
      fetch();
      writer.value("average.steps", steps);
      writer.tensor("average", Tensor.of(mean, mean.length));
    }
  }

  void restore(ModelReader reader) {
    if (!off()) {
      steps = ((Number) reader.values().get("average.steps")).longValue();
      mean = reader.tensor("average").toDoubles();
      device.ifPresent(on -> on.set(mean));
    }
  }

  @Override
  public void close() {
    device.ifPresent(DeviceMean::close);
  }
}
