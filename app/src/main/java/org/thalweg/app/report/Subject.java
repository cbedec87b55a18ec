package org.thalweg.app.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;

/**
 * What a report is about.
 *
 * @param file the model's file
 * @param model the model
 * @param provenance what its file notes about its origin
 * @param registry where its estimator is described
 * @param evidence the rows to hold it against, if there are any
 * @param seed the origin of the samples
 */
public record Subject(
    Path file,
    Model model,
    Map<String, Object> provenance,
    Registry registry,
    Optional<Evidence> evidence,
    Seed seed) {
  private static final int MOST_ROWS = 10_000;
  private static final int FEWEST_ROWS = 1000;
  private static final int MOST_NUMBERS = 2_000_000;

  /** The most rows of data that a report looks at, and about as many samples. */
  public static int mostRows(Model model) {
    int columns = model.schema().features().size();
    return Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, MOST_NUMBERS / columns));
  }

  /** The names of the features. */
  List<String> names() {
    return model.schema().features().stream().map(Column::name).toList();
  }

  boolean conditional() {
    return !model.schema().contexts().isEmpty();
  }

  /** The contexts to draw for: those of the evidence, one empty one for an unconditional model. */
  private Optional<Matrix> contexts() {
    return conditional() ? evidence.map(e -> e.rows().context()) : Optional.of(Matrix.zeros(1, 0));
  }

  /**
   * Samples in random order, as many for each context of the evidence; empty where the model draws
   * none or has no contexts to draw for.
   */
  Optional<Matrix> samples() {
    return model instanceof Sampler sampler
        ? contexts().map(given -> shuffled(sampler, given))
        : Optional.empty();
  }

  private Matrix shuffled(Sampler sampler, Matrix given) {
    int each = Math.max(1, mostRows(model) / given.rows());
    Matrix drawn = sampler.sample(each, given, seed.child("samples"));
    return drawn.select(Splitter.shuffled(drawn.rows(), seed.child("order")));
  }
}
