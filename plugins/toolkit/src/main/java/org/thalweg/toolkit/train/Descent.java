package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * What becomes of gradients: they are added up over the parts of a batch, judged, and moved along.
 * On a host in plain Java over its memory; on a device with what lives there, so that a step waits
 * for the device once.
 */
interface Descent extends AutoCloseable {
  /**
   * A batch as a whole.
   *
   * @param loss the mean loss, in nats
   * @param norm the global Euclidean norm of its gradient
   */
  record Batch(double loss, double norm) {}

  /** Where parameters are. */
  static Descent of(Engine engine, ParameterStore store, double weightDecay) {
    return engine.hostViews()
        ? new HostDescent(engine, store, weightDecay)
        : new DeviceDescent(engine, store, weightDecay);
  }

  /** Forgets what was added for a share, before a part of it is computed for the first time. */
  void clear(int share);

  /**
   * Adds a part of a batch; the tape has gone backward from its loss. Called on the share's thread.
   *
   * @param share which of the parts that are computed at the same time
   * @param weight of the part in the batch
   */
  void add(int share, Tape tape, NDArray loss, double weight);

  /** Adds up so many shares, in their order. */
  Batch total(int shares);

  /**
   * Moves the weights along the gradient of the last total.
   *
   * @param rate the step size
   * @param limit the most that the norm may be, scaled down to it if above; 0: no limit
   */
  void step(Batch batch, double rate, double limit);

  /** Writes the optimiser's state. */
  void save(ModelWriter writer);

  /** Reads it back. */
  void restore(ModelReader reader);

  /** Forgets the moments, as after a restart from other weights. */
  void reset();

  @Override
  void close();
}
