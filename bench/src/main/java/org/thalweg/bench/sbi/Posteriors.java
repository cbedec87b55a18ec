package org.thalweg.bench.sbi;

import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * Inferences by name, with the default options of every method and simulator.
 *
 * @param registry what there is
 * @param engine what trains
 */
record Posteriors(Registry registry, Engine engine) {
  Simulation simulation(String simulator) {
    return create(registry.simulator(simulator));
  }

  private static <C extends Record> Simulation create(SimulatorProvider<C> provider) {
    return provider.create(provider.defaults());
  }

  Posterior infer(Cell cell, Matrix observation, Seed seed) {
    return infer(cell, observation, seed, Map.of());
  }

  /** With options beside those that the method's runs have. */
  Posterior infer(Cell cell, Matrix observation, Seed seed, Map<String, Object> more) {
    Simulation simulation = simulation(cell.simulator());
    return infer(
        registry.method(cell.method()),
        new SimulatorProblem(
            cell.simulator(), simulation.prior(), simulation.simulator(), observation),
        new InferenceOptions(
            seed, cell.rounds(), cell.simulations(), Optional.empty(), Checkpoints.NONE),
        more);
  }

  private <C extends Record> Posterior infer(
      InferenceProvider<C> provider,
      SimulatorProblem problem,
      InferenceOptions options,
      Map<String, Object> more) {
    Map<String, Object> set = new TreeMap<>(set(provider.name()));
    set.putAll(more);
    return provider
        .create(ConfigBinder.bind(provider.defaults(), set), new EstimatorContext(engine, registry))
        .infer(problem, options, event -> {});
  }

  /**
   * What is not a method's default: the published runs of NPE and SNPE used neural spline flows of
   * 50 hidden units.
   */
  private static Map<String, Object> set(String method) {
    return method.equals("npe") || method.equals("snpe-c")
        ? Map.of("density", "nsf-ar", "density.hidden", 50, "density.blocks", 2)
        : Map.of();
  }

  /** Options from words such as {@code steps=4000}. */
  static Map<String, Object> words(String... words) {
    Map<String, Object> out = new TreeMap<>();
    for (String word : words) {
      String[] pair = word.split("=", 2);
      if (pair.length < 2) {
        throw ThalwegException.usage("An option is written as key=value, got '%s'.", word);
      }
      out.put(pair[0], pair[1]);
    }
    return out;
  }

  /** The options that a method is run with, all of them, as one field of a row. */
  String options(String method) {
    return options(method, Map.of());
  }

  /** The same with others set. */
  String options(String method, Map<String, Object> more) {
    return described(registry.method(method), more);
  }

  private static <C extends Record> String described(
      InferenceProvider<C> provider, Map<String, Object> more) {
    Map<String, Object> set = new TreeMap<>(set(provider.name()));
    set.putAll(more);
    Record config = ConfigBinder.bind(provider.defaults(), set);
    StringJoiner out = new StringJoiner(" ");
    ConfigBinder.flatten(config).forEach((name, value) -> out.add(name + "=" + value));
    return Run.field(out.toString());
  }
}
