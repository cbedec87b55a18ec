package org.thalweg.api.estimator;

import java.util.Optional;
import java.util.function.Consumer;

/** Where a fit keeps its state, so that it can go on where it was stopped, bit for bit. */
public interface Checkpoints {
  /** The last complete state, if the fit is to go on from one. */
  Optional<ModelReader> latest();

  /** Replaces the state; the previous one stays until the new one is complete. */
  void save(ModelCard card, Consumer<ModelWriter> state);

  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<ModelReader> latest() {
          return Optional.empty();
        }

        @Override
        public void save(ModelCard card, Consumer<ModelWriter> state) {
          // nothing is kept
        }
      };
}
