package org.thalweg.toolkit.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * A problem by name: what a file keeps of it, so that the problem can be made again where the same
 * plugins are.
 */
public sealed interface ProblemSource {
  /** The name of the simulator or of the target. */
  String name();

  /** All its options, by key. */
  Map<String, Object> options();

  /** The problem; a name that is not registered, and options that do not fit, are refused. */
  Problem create(Registry registry);

  /** As it is written, with numbers, texts, lists and maps only. */
  Map<String, Object> toMap();

  /**
   * A registered simulator, and what was observed.
   *
   * @param observation {@code [n, X]}
   */
  record Simulated(String name, Map<String, Object> options, Matrix observation)
      implements ProblemSource {
    /** Copies the options. */
    public Simulated {
      options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    @Override
    public SimulatorProblem create(Registry registry) {
      SimulatorProvider.Simulation made = simulation(registry, name, options);
      return new SimulatorProblem(name, made.prior(), made.simulator(), observation);
    }

    /** A simulator with its prior, before anything was observed. */
    public static SimulatorProvider.Simulation simulation(
        Registry registry, String name, Map<String, Object> options) {
      return make(registry.simulator(name), options);
    }

    private static <C extends Record> SimulatorProvider.Simulation make(
        SimulatorProvider<C> provider, Map<String, Object> options) {
      return provider.create(ConfigBinder.bind(provider.defaults(), options));
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("simulator", name);
      out.put("options", options);
      List<List<Double>> rows = new ArrayList<>();
      for (int i = 0; i < observation.rows(); i++) {
        rows.add(Arrays.stream(observation.row(i)).boxed().toList());
      }
      out.put("observation", rows);
      return out;
    }
  }

  /**
   * A registered target, and the data that it conditions on.
   *
   * @param data values by name, as read from JSON
   */
  record Target(String name, Map<String, Object> options, Map<String, Object> data)
      implements ProblemSource {
    /** Copies. */
    public Target {
      options = Collections.unmodifiableMap(new TreeMap<>(options));
      data = Collections.unmodifiableMap(new TreeMap<>(data));
    }

    @Override
    public LogDensityProblem create(Registry registry) {
      return make(registry.target(name));
    }

    private <C extends Record> LogDensityProblem make(TargetProvider<C> provider) {
      return provider.create(ConfigBinder.bind(provider.defaults(), options), data);
    }

    @Override
    public Map<String, Object> toMap() {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("target", name);
      out.put("options", options);
      out.put("data", data);
      return out;
    }
  }

  /**
   * As it was read.
   *
   * @throws ThalwegException exit code 3 where it is none
   */
  static ProblemSource of(Map<?, ?> stored) {
    if (stored.get("simulator") instanceof String name
        && stored.get("observation") instanceof List<?> rows) {
      return new Simulated(name, map(stored.get("options")), matrix(rows));
    }
    if (stored.get("target") instanceof String name) {
      return new Target(name, map(stored.get("options")), map(stored.get("data")));
    }
    throw ThalwegException.data("The file's problem is no simulator and no target: %s", stored);
  }

  private static Matrix matrix(List<?> rows) {
    return Matrix.of(rows.stream().map(ProblemSource::row).toArray(double[][]::new));
  }

  private static double[] row(Object stored) {
    if (stored instanceof List<?> values && values.stream().allMatch(Number.class::isInstance)) {
      return values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }
    throw ThalwegException.data("The file's observation holds '%s' where a row should be.", stored);
  }

  private static Map<String, Object> map(Object stored) {
    Map<String, Object> out = new TreeMap<>();
    if (stored instanceof Map<?, ?> map) {
      map.forEach((key, value) -> out.put(String.valueOf(key), value));
      return out;
    }
    throw ThalwegException.data("The file's problem holds '%s' where a mapping should be.", stored);
  }
}
