package org.thalweg.toolkit.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * All that the loop remembers between two steps, besides the weights and the optimiser. Randomness
 * is a function of the seed and the step, so no generator's state is among it.
 */
final class TrainingState {
  long step;
  double rateFactor = 1;
  double bestScore = Double.NEGATIVE_INFINITY;
  long bestStep;
  long goodSteps;
  double[] best;
  int sinceBest;
  int badSteps;
  int restarts;
  double lossSum;
  long lossCount;
  double seconds;
  final List<double[]> history = new ArrayList<>();

  TrainingState(double[] initial) {
    best = initial;
  }

  void save(ModelWriter writer) {
    writer.value(
        "training",
        Map.of(
            "step", step,
            "best_step", bestStep,
            "good_steps", goodSteps,
            "since_best", sinceBest,
            "bad_steps", badSteps,
            "restarts", restarts,
            "loss_count", lossCount));
    writer.tensor(
        "training.numbers", Tensor.of(new double[] {rateFactor, bestScore, lossSum, seconds}, 4));
    writer.tensor("training.best", Tensor.of(best, best.length));
    double[] flat = history.stream().flatMapToDouble(Arrays::stream).toArray();
    writer.tensor("training.history", Tensor.of(flat, history.size(), 3));
  }

  void restore(ModelReader reader) {
    Map<?, ?> counts = (Map<?, ?>) reader.values().get("training");
    step = count(counts, "step");
    bestStep = count(counts, "best_step");
    goodSteps = count(counts, "good_steps");
    sinceBest = (int) count(counts, "since_best");
    badSteps = (int) count(counts, "bad_steps");
    restarts = (int) count(counts, "restarts");
    lossCount = count(counts, "loss_count");
    double[] numbers = reader.tensor("training.numbers").toDoubles();
    rateFactor = numbers[0];
    bestScore = numbers[1];
    lossSum = numbers[2];
    seconds = numbers[3];
    best = reader.tensor("training.best").toDoubles();
    double[] flat = reader.tensor("training.history").toDoubles();
    for (int i = 0; i + 2 < flat.length; i += 3) {
      history.add(new double[] {flat[i], flat[i + 1], flat[i + 2]});
    }
  }

  private static long count(Map<?, ?> counts, String name) {
    return ((Number) counts.get(name)).longValue();
  }
}
