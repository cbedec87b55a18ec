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
  /** The most rows of data and of samples that a report looks at. */
  public static final int MOST_ROWS = 10_000;

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
   * As many samples as there is evidence, each given the context of its row; empty where the model
   * draws none or has no contexts to draw for.
   */
  Optional<Matrix> samples() {
    int each = conditional() ? 1 : evidence.map(e -> e.rows().size()).orElse(MOST_ROWS);
    return model instanceof Sampler sampler
        ? contexts().map(given -> sampler.sample(each, given, seed.child("samples")))
        : Optional.empty();
  }
}
