package org.thalweg.api.engine;

/**
 * Registers an engine; found with {@link java.util.ServiceLoader}, so that an engine's jar needs no
 * plugin.
 */
public interface EngineProvider {
  /** The name after {@code --engine}, such as {@code cpu}. */
  String name();

  /**
   * Whether everything that can be seen without loading natives speaks for {@link #open}; cheap,
   * and never throws. Opening may still fail, with a reason.
   */
  Availability availability();

  /**
   * Opens the engine.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 4, with the reason and the cure, where
   *     it is not available
   */
  Engine open(EngineOptions options);
}
