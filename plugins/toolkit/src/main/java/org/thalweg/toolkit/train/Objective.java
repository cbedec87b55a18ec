package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;

/** What a {@link TrainingLoop} makes small, and how it is judged. */
public interface Objective {
  /** The number of training rows. */
  int trainingRows();

  /** The number of validation rows; with none, the last weights are kept. */
  int validationRows();

  /**
   * The mean loss of a share's rows, in nats. Called on several threads at once, each with a tape
   * of its own. Must be a function of the share and the parameters alone.
   *
   * @return a scalar on the tape
   */
  NDArray loss(Tape tape, Share share);

  /**
   * Lets parts see training rows that keep statistics of their input, as it is under the current
   * parameters; called before they are judged, where there are such parts.
   */
  default void refresh() {}

  /**
   * Whether the weights that training begins with are judged too, as they have been trained before
   * and may be the best.
   */
  default boolean judgesStart() {
    return false;
  }

  /**
   * Gives back what devices hold for training alone; called when it ends. Another one may follow.
   */
  default void release() {}

  /** The score of the current parameters on the validation rows: higher is better, in nats. */
  double validate(Workers workers);
}
