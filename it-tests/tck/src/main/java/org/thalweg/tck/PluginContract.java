package org.thalweg.tck;

import ai.djl.ndarray.types.DataType;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.thalweg.api.config.Choice;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.plugin.Registry;

/** A contract of parts that plugins offer: which parts, where they are found, on which engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract sealed class PluginContract
    permits UnivariateContract,
        TransformContract,
        EstimatorContract,
        InferenceContract,
        ModelFormatContract {
  private final Map<DataType, Engine> engines = new EnumMap<>(DataType.class);

  /** For subclasses. */
  protected PluginContract() {}

  /** The parts under test, by name, with the options that differ from their defaults. */
  protected abstract Stream<Choice> subjects();

  /** Where the parts are looked up: all installed plugins. */
  protected Registry registry() {
    return Installed.registry();
  }

  /** The name of the engine that the contract is tested on. */
  protected String engineName() {
    return "cpu";
  }

  /** The engine in one precision; closed after the last test. */
  protected final Engine engine(DataType type) {
    return engines.computeIfAbsent(
        type, key -> Engines.open(engineName(), new EngineOptions(1, key)));
  }

  @AfterAll
  void closeEngines() {
    engines.values().forEach(Engine::close);
    engines.clear();
  }
}
