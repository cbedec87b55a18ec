package org.thalweg.deconvolution;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/** All that a search remembers between two steps. */
final class XdState {
  /** The place in the sizes that are tried. */
  int size;

  /** A start, the run of the best start, or a trial of split and merge. */
  int stage;

  int iteration;
  long steps;
  double before = Double.NEGATIVE_INFINITY;
  double last = Double.NEGATIVE_INFINITY;
  Mixture current = new Mixture(new double[] {1}, new double[0], new double[0]);
  Optional<Mixture> bestOfSize = Optional.empty();
  double bestOfSizeScore = Double.NEGATIVE_INFINITY;
  Optional<Mixture> best = Optional.empty();
  double bestScore = Double.NEGATIVE_INFINITY;
  double seconds;

  /** One row a size: components, and the training, validation and deciding scores. */
  final List<double[]> history = new ArrayList<>();

  void save(ModelWriter writer) {
    writer.value(
        "search", Map.of("size", size, "stage", stage, "iteration", iteration, "steps", steps));
    writer.tensor(
        "search.numbers",
        Tensor.of(new double[] {before, last, bestOfSizeScore, bestScore, seconds}, 5));
    double[] flat = history.stream().flatMapToDouble(Arrays::stream).toArray();
    writer.tensor("search.history", Tensor.of(flat, history.size(), 4));
    save(writer, "current", current);
    bestOfSize.ifPresent(mixture -> save(writer, "best_of_size", mixture));
    best.ifPresent(mixture -> save(writer, "best", mixture));
  }

  void restore(ModelReader reader) {
    Map<?, ?> counts = (Map<?, ?>) reader.values().get("search");
    size = ((Number) counts.get("size")).intValue();
    stage = ((Number) counts.get("stage")).intValue();
    iteration = ((Number) counts.get("iteration")).intValue();
    steps = ((Number) counts.get("steps")).longValue();
    double[] numbers = reader.tensor("search.numbers").toDoubles();
    before = numbers[0];
    last = numbers[1];
    bestOfSizeScore = numbers[2];
    bestScore = numbers[3];
    seconds = numbers[4];
    double[] flat = reader.tensor("search.history").toDoubles();
    for (int i = 0; i + 3 < flat.length; i += 4) {
      history.add(Arrays.copyOfRange(flat, i, i + 4));
    }
    current = load(reader, "current").orElseThrow();
    bestOfSize = load(reader, "best_of_size");
    best = load(reader, "best");
  }

  /** Writes a mixture under a name. */
  static void save(ModelWriter writer, String name, Mixture mixture) {
    long k = mixture.components();
    long d = mixture.dimension();
    writer.tensor(name + ".weights", Tensor.of(mixture.weights(), k));
    writer.tensor(name + ".means", Tensor.of(mixture.means(), k, d));
    writer.tensor(name + ".covariances", Tensor.of(mixture.covariances(), k, d, d));
  }

  /** Reads a mixture of a name; empty where there is none. */
  static Optional<Mixture> load(ModelReader reader, String name) {
    if (!reader.tensorNames().contains(name + ".weights")) {
      return Optional.empty();
    }
    Tensor weights = reader.tensor(name + ".weights");
    Tensor means = reader.tensor(name + ".means");
    Tensor covariances = reader.tensor(name + ".covariances");
    Shape shape = means.shape();
    boolean fits =
        shape.dimension() == 2
            && weights.shape().equals(new Shape(shape.get(0)))
            && covariances.shape().equals(new Shape(shape.get(0), shape.get(1), shape.get(1)));
    return fits
        ? Optional.of(new Mixture(weights.toDoubles(), means.toDoubles(), covariances.toDoubles()))
        : Optional.empty();
  }
}
