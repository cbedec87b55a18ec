package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.app.console.Console;
import org.thalweg.app.infer.StoredVerdict;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.toolkit.model.ModelFile;

/** Loads model files. */
final class Models {
  private final Console console;
  private final EngineChooser engines;
  private final Provider<EstimatorContext> contexts;

  @Inject
  Models(Console console, EngineChooser engines, Provider<EstimatorContext> contexts) {
    this.console = console;
    this.engines = engines;
    this.contexts = contexts;
  }

  /**
   * Loads a model on the engine it was trained on, unless another is asked for; warns of a
   * posterior that is not to be trusted.
   */
  ModelFile.Loaded load(Path file) {
    // A file that is refused should not first start an engine.
    String engine = String.valueOf(ModelFile.manifest(file).get("engine"));
    engines.stayWith(engine.split(" ")[0]);
    ModelFile.Loaded loaded = ModelFile.load(file, contexts.get());
    StoredVerdict.of(loaded.model(), loaded.provenance())
        .ifPresent(judged -> StoredVerdict.warn(console, file, judged));
    return loaded;
  }
}
