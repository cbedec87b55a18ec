package org.thalweg.vi;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * Trainings from several starts: the best of those that are over, and the checkpoints of the one
 * that is under way, which carry it along. An inference that is resumed goes on in the start that
 * it was stopped in.
 */
final class Attempts {
  private static final String START = "attempt";
  private static final String BEST = "attempt.best";
  private static final String WEIGHTS = "attempt.weights";

  /**
   * One that is over.
   *
   * @param start its number
   * @param bound its lower bound, in nats, finite
   * @param rise by how much the bound rose at the end, see {@link Settling}
   * @param weights of the approximation
   */
  record Attempt(int start, double bound, OptionalDouble rise, double[] weights) {}

  private final Checkpoints checkpoints;
  private final int first;
  private Optional<Attempt> best = Optional.empty();
  private Optional<ThalwegException> failure = Optional.empty();

  Attempts(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
    Optional<ModelReader> latest = checkpoints.latest();
    first = latest.map(r -> r.values().get(START)).map(n -> ((Number) n).intValue()).orElse(0);
    latest.filter(r -> r.tensorNames().contains(BEST)).ifPresent(this::resume);
  }

  private void resume(ModelReader reader) {
    double[] numbers = reader.tensor(BEST).toDoubles();
    OptionalDouble rise =
        numbers.length > 2 ? OptionalDouble.of(numbers[2]) : OptionalDouble.empty();
    double[] weights = reader.tensor(WEIGHTS).toDoubles();
    best = Optional.of(new Attempt((int) numbers[0], numbers[1], rise, weights));
  }

  /** The start to begin with: 0, or that of the checkpoint. */
  int first() {
    return first;
  }

  /** Takes in one that went well. */
  void offer(Attempt attempt) {
    if (best.isEmpty() || attempt.bound() > best.get().bound()) {
      best = Optional.of(attempt);
    }
  }

  /** Takes note of one that diverged: it counts where no other went well. */
  void failed(ThalwegException cause) {
    failure = Optional.of(cause);
  }

  /**
   * The best.
   *
   * @throws ThalwegException the failure of the last, where none went well
   */
  Attempt best() {
    return best.orElseThrow(failure::orElseThrow);
  }

  /** The checkpoints of one start; the first that is run goes on from what there is. */
  Checkpoints of(int start) {
    if (checkpoints == Checkpoints.NONE) {
      return Checkpoints.NONE;
    }
    return new Checkpoints() {
      @Override
      public Optional<ModelReader> latest() {
        return start == first ? checkpoints.latest() : Optional.empty();
      }

      @Override
      public void save(ModelCard card, Consumer<ModelWriter> state) {
        checkpoints.save(
            card,
            writer -> {
              state.accept(writer);
              writer.value(START, start);
              best.ifPresent(attempt -> write(attempt, writer));
            });
      }
    };
  }

  private static void write(Attempt attempt, ModelWriter writer) {
    double[] numbers =
        attempt.rise().isPresent()
            ? new double[] {attempt.start(), attempt.bound(), attempt.rise().getAsDouble()}
            : new double[] {attempt.start(), attempt.bound()};
    writer.tensor(BEST, Tensor.of(numbers, numbers.length));
    writer.tensor(WEIGHTS, Tensor.of(attempt.weights(), attempt.weights().length));
  }
}
