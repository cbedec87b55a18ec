package org.thalweg.toolkit.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.plugin.Registry;

/**
 * A checkpoint as one file of the model format, with the optimiser's state in it.
 *
 * @param file where it is kept
 * @param resume whether work is to go on from it
 * @param registry where the options of what works are looked up
 * @param kind what works: an estimator or a method
 * @param provenance what should be known about its origin, asked for at every checkpoint
 */
public record CheckpointFile(
    Path file,
    boolean resume,
    Registry registry,
    Registry.Kind kind,
    Supplier<Map<String, Object>> provenance)
    implements Checkpoints {
  /** Of a fit that says nothing of its origin. */
  public CheckpointFile(Path file, boolean resume, Registry registry) {
    this(file, resume, registry, Map::of);
  }

  /** Of a fit. */
  public CheckpointFile(
      Path file, boolean resume, Registry registry, Supplier<Map<String, Object>> provenance) {
    this(file, resume, registry, Registry.Kind.ESTIMATOR, provenance);
  }

  @Override
  public Optional<ModelReader> latest() {
    return resume && Files.exists(file)
        ? Optional.of(ModelFile.read(file, registry))
        : Optional.empty();
  }

  @Override
  public void save(ModelCard card, Consumer<ModelWriter> state) {
    ModelFile.write(file, kind, card, registry, provenance.get(), state);
  }

  /** Removes the file, when the work is done. */
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
