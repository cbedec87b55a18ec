package org.thalweg.deconvolution;

import java.util.Optional;
import java.util.function.Consumer;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * Checkpoints that remember how long pretraining took, as a fit that goes on does not repeat it.
 *
 * @param own where they are kept
 * @param seconds what it took
 */
record AfterPretraining(Checkpoints own, double seconds) implements Checkpoints {
  private static final String SECONDS = "pretrain.seconds";

  /** What pretraining took before a checkpoint was made. */
  static double seconds(ModelReader checkpoint) {
    return checkpoint.values().get(SECONDS) instanceof Number kept ? kept.doubleValue() : 0;
  }

  @Override
  public Optional<ModelReader> latest() {
    return own.latest();
  }

  @Override
  public void save(ModelCard card, Consumer<ModelWriter> state) {
    own.save(
        card,
        writer -> {
          writer.value(SECONDS, seconds);
          state.accept(writer);
        });
  }
}
