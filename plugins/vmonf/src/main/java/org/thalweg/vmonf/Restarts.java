package org.thalweg.vmonf;

import java.util.Optional;
import java.util.function.Consumer;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * What is remembered between the fits from different starts, and the checkpoints of each of them,
 * which carry it along: a fit that is resumed goes on in the start that it was stopped in.
 */
final class Restarts {
  private static final String NUMBER = "restart";
  private static final String SCORE = "restart.score";
  private static final String WEIGHTS = "restart.weights";

  private final Checkpoints checkpoints;
  private Optional<double[]> best = Optional.empty();
  private double score = Double.NEGATIVE_INFINITY;
  private int bestStart;

  Restarts(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  /** The start to begin with: 0, or that of the checkpoint. */
  int first() {
    Optional<ModelReader> latest = checkpoints.latest();
    if (latest.isEmpty()) {
      return 0;
    }
    ModelReader reader = latest.get();
    int start = ((Number) reader.values().get(NUMBER)).intValue();
    double[] numbers = reader.tensor(SCORE).toDoubles();
    score = numbers[0];
    bestStart = (int) numbers[1];
    if (start > 0) {
      best = Optional.of(reader.tensor(WEIGHTS).toDoubles());
    }
    return start;
  }

  /** Takes in the weights of a start, if none before was better. */
  void offer(int start, double itsScore, double[] weights) {
    if (best.isEmpty() || itsScore > score) {
      best = Optional.of(weights);
      score = itsScore;
      bestStart = start;
    }
  }

  /** The best weights. */
  double[] weights() {
    return best.orElseThrow();
  }

  /** The start that they are from. */
  int bestStart() {
    return bestStart;
  }

  /** The checkpoints of one start; the first that is run goes on from what there is. */
  Checkpoints of(int start, Resumption resumption) {
    if (checkpoints == Checkpoints.NONE) {
      return Checkpoints.NONE;
    }
    return new Checkpoints() {
      @Override
      public Optional<ModelReader> latest() {
        return resumption == Resumption.GOES_ON ? checkpoints.latest() : Optional.empty();
      }

      @Override
      public void save(ModelCard card, Consumer<ModelWriter> state) {
        checkpoints.save(
            card,
            writer -> {
              state.accept(writer);
              writer.value(NUMBER, start);
              writer.tensor(SCORE, Tensor.of(new double[] {score, bestStart}, 2));
              best.ifPresent(weights -> writer.tensor(WEIGHTS, Tensor.of(weights, weights.length)));
            });
      }
    };
  }

  /** Whether a start goes on from a checkpoint. */
  enum Resumption {
    /** It does. */
    GOES_ON,
    /** It begins. */
    AFRESH
  }
}
