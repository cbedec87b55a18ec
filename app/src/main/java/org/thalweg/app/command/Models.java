package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.toolkit.model.ModelFile;

/** Loads model files. */
final class Models {
  private final EngineChooser engines;
  private final Provider<EstimatorContext> contexts;

  @Inject
  Models(EngineChooser engines, Provider<EstimatorContext> contexts) {
    this.engines = engines;
    this.contexts = contexts;
  }

  /** Loads a model on the engine it was trained on, unless another is asked for. */
  ModelFile.Loaded load(Path file) {
    // A file that is refused should not first start an engine.
    String engine = String.valueOf(ModelFile.manifest(file).get("engine"));
    engines.stayWith(engine.split(" ")[0]);
    return ModelFile.load(file, contexts.get());
  }
}
