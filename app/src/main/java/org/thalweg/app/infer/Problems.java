package org.thalweg.app.infer;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.table.Workspace;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.infer.ProblemSource;

/** Makes problems of names and files. */
final class Problems {
  private final Registry registry;
  private final Provider<Workspace> workspaces;

  @Inject
  Problems(Registry registry, Provider<Workspace> workspaces) {
    this.registry = registry;
    this.workspaces = workspaces;
  }

  /**
   * A problem.
   *
   * @param source what a file keeps of it
   * @param problem the problem
   * @param observationNames the names of the numbers in one observation; none for a target
   */
  record Named(ProblemSource source, Problem problem, List<String> observationNames) {}

  /** The problem that is asked for, of the kind that the method takes. */
  Named of(ProblemRequest request, InferenceProvider<?> method) {
    if (request.simulator().isPresent() == request.target().isPresent()) {
      throw ThalwegException.usage(
          "Name what is inferred: --simulator NAME with --observation FILE, or --target NAME.");
    }
    return request.simulator().isPresent()
        ? simulated(request.simulator().get(), request, method)
        : target(request.target().get(), request, method);
  }

  private Named simulated(String name, ProblemRequest request, InferenceProvider<?> method) {
    if (method.problemType() != SimulatorProblem.class) {
      throw wrongKind(method, "--target NAME, and not a simulator", Registry.Kind.TARGET);
    }
    Map<String, Object> options = options(Registry.Kind.SIMULATOR, name, request);
    if (request.data().isPresent()) {
      throw ThalwegException.usage(
          "--data goes with --target; what a simulator is compared with is named by --observation.");
    }
    Path file =
        request
            .observation()
            .orElseThrow(
                () ->
                    ThalwegException.usage(
                        "Simulator '%s' needs what was observed: name a table with a header and a "
                            + "row by --observation.",
                        name));
    SimulatorProvider.Simulation simulation =
        ProblemSource.Simulated.simulation(registry, name, options);
    try (Workspace workspace = workspaces.get()) {
      Matrix observed = Observation.read(workspace, file, name, simulation.observationNames());
      ProblemSource.Simulated source = new ProblemSource.Simulated(name, options, observed);
      return new Named(
          source,
          new SimulatorProblem(name, simulation.prior(), simulation.simulator(), observed),
          simulation.observationNames());
    }
  }

  private Named target(String name, ProblemRequest request, InferenceProvider<?> method) {
    if (method.problemType() != LogDensityProblem.class) {
      throw wrongKind(
          method,
          "--simulator NAME with --observation FILE, and not a target",
          Registry.Kind.SIMULATOR);
    }
    TargetProvider<?> provider = registry.target(name);
    Map<String, Object> options = options(Registry.Kind.TARGET, name, request);
    if (request.observation().isPresent()) {
      throw ThalwegException.usage(
          "--observation goes with --simulator; the data of a target are named by --data.");
    }
    Map<String, Object> data = request.data().map(JsonData::read).orElse(Map.of());
    List<String> missing = new ArrayList<>(provider.requiredData());
    missing.removeAll(data.keySet());
    if (!missing.isEmpty()) {
      throw ThalwegException.usage(
          request.data().isPresent()
              ? "Target '%1$s' needs data that '%3$s' lacks: %2$s."
              : "Target '%1$s' needs data: name a JSON file with %2$s by --data.",
          name,
          String.join(", ", missing),
          request.data().map(Path::toString).orElse(""));
    }
    ProblemSource.Target source = new ProblemSource.Target(name, options, data);
    return new Named(source, source.create(registry), List.of());
  }

  /** All options of the problem, so that a file stays right when defaults change. */
  private Map<String, Object> options(Registry.Kind kind, String name, ProblemRequest request) {
    Record defaults = registry.entry(kind, name).provider().defaults();
    return ConfigBinder.flatten(ConfigBinder.bind(defaults, request.options()));
  }

  private ThalwegException wrongKind(
      InferenceProvider<?> method, String takes, Registry.Kind kind) {
    return ThalwegException.usage(
        "Method '%s' takes %s. There is: %s.",
        method.name(), takes, String.join(", ", registry.all(kind).keySet()));
  }
}
