package org.thalweg.app.infer;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.ModelFile;
import org.thalweg.toolkit.model.PosteriorFile;

/** Infers a posterior and writes what is to be known of it: from a request to a directory. */
public final class Inferring {
  private static final int ROUNDS = 10;
  private static final int SIMULATIONS = 1000;

  private final Settings settings;
  private final Console console;
  private final Interruption interruption;
  private final Registry registry;
  private final EngineChooser engines;
  private final Provider<EstimatorContext> contexts;
  private final Problems problems;
  private final Results results;

  @Inject
  Inferring(
      Settings settings,
      Console console,
      Interruption interruption,
      Registry registry,
      EngineChooser engines,
      Provider<EstimatorContext> contexts,
      Problems problems,
      Results results) {
    this.settings = settings;
    this.console = console;
    this.interruption = interruption;
    this.registry = registry;
    this.engines = engines;
    this.contexts = contexts;
    this.problems = problems;
    this.results = results;
  }

  /** Infers, and writes all results; gives them by the names of the command's contract. */
  public Map<String, Object> infer(InferRequest request) {
    InferenceProvider<?> method = registry.method(request.method());
    Bound bound = bind(method, request.options());
    if (request.draws() < 2) {
      throw ThalwegException.usage("--draws must be at least 2, got %d.", request.draws());
    }
    int rounds = rounds(request, method);
    int simulations = simulations(request, method);
    ResultFiles files = new ResultFiles(request.out());
    files.require();
    Problems.Named problem = problems.of(request.problem(), method);
    CheckpointFile checkpoint =
        checkpoint(request, files, bound.config(), noted(problem, rounds, simulations));
    EstimatorContext context = contexts.get();
    Outputs.requireDirectory(request.out());
    List<String> names = problem.problem().parameterNames();
    console.info(
        "Inferring %d parameters of %s by %s, seed %d.",
        names.size(), problem.problem().name(), method.name(), settings.seed().value());
    InferenceOptions options =
        new InferenceOptions(settings.seed(), rounds, simulations, request.timeLimit(), checkpoint);
    interruption.guard();
    long start = System.nanoTime();
    try (InferWatch watch =
            new InferWatch(console, interruption, table -> results.keep(files, names, table));
        Posterior posterior =
            bound.inference().apply(context).infer(problem.problem(), options, watch)) {
      watch.end();
      Matrix draws = draws(posterior, request.draws());
      Weighed weighed = Weighed.of(posterior, draws, context.engine());
      double seconds = (System.nanoTime() - start) * 1e-9;
      ModelCard card =
          PosteriorFile.card(
              method.name(),
              bound.config(),
              posterior,
              problem.observationNames(),
              settings.seed(),
              context.engine().numbers());
      Outcome outcome =
          new Outcome(
              card, problem, posterior, draws, weighed, watch, rounds, seconds, engines.reason());
      Map<String, Object> values = results.write(files, outcome);
      checkpoint.delete();
      files.deleteSimulated();
      return values;
    }
  }

  private Matrix draws(Posterior posterior, int count) {
    console.info("Drawing %d times from the posterior.", count);
    Matrix draws = posterior.sample(count, settings.seed().child("draws"));
    for (int i = 0; i < draws.rows(); i++) {
      if (!draws.finite(i)) {
        throw new ThalwegException(
            ExitCode.DIVERGED,
            "Draw %d of the posterior is not finite: %s. The method has diverged; try smaller steps."
                .formatted(i + 1, Arrays.toString(draws.row(i))));
      }
    }
    return draws;
  }

  private static int rounds(InferRequest request, InferenceProvider<?> method) {
    int rounds = request.rounds().orElse(method.sequential() ? ROUNDS : 1);
    if (rounds < 1) {
      throw ThalwegException.usage("--rounds must be at least 1, got %d.", rounds);
    }
    if (rounds > 1 && !method.sequential()) {
      throw ThalwegException.usage(
          "Method '%s' takes one round, --rounds %d was asked for. Leave --rounds out, or choose a "
              + "sequential method.",
          method.name(), rounds);
    }
    return rounds;
  }

  private static int simulations(InferRequest request, InferenceProvider<?> method) {
    if (method.problemType() != SimulatorProblem.class) {
      if (request.simulations().isPresent()) {
        throw ThalwegException.usage(
            "Method '%s' simulates nothing; leave --simulations out.", method.name());
      }
      return 0;
    }
    int simulations = request.simulations().orElse(SIMULATIONS);
    if (simulations < 1) {
      throw ThalwegException.usage(
          "--simulations must be at least 1, got %d: a simulator is all that the method learns from.",
          simulations);
    }
    return simulations;
  }

  /** What a checkpoint must share with the inference that goes on from it. */
  private Map<String, Object> noted(Problems.Named problem, int rounds, int simulations) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("problem", problem.source().toMap());
    out.put("rounds", rounds);
    out.put("simulations", simulations);
    out.put("seed", settings.seed().value());
    return out;
  }

  private CheckpointFile checkpoint(
      InferRequest request, ResultFiles files, Record config, Map<String, Object> noted) {
    boolean there = Files.exists(files.checkpoint());
    if (request.resume() && there) {
      console.info("Going on from '%s'.", files.checkpoint());
      Map<String, Object> manifest = ModelFile.manifest(files.checkpoint());
      SameInference.require(
          files.checkpoint(), manifest, request.method(), ConfigBinder.flatten(config), noted);
      engines.stayWith(String.valueOf(manifest.get("engine")).split(" ")[0]);
    } else if (request.resume()) {
      console.warn("there is no checkpoint '%s'; starting afresh.", files.checkpoint());
    } else if (there) {
      console.warn(
          "the checkpoint '%s' of an earlier inference is replaced; --resume goes on.",
          files.checkpoint());
    }
    return new CheckpointFile(
        files.checkpoint(), request.resume(), registry, Registry.Kind.METHOD, () -> noted);
  }

  /** A method's options, and how it is made with them. */
  private record Bound(Record config, Function<EstimatorContext, Inference> inference) {}

  private static <C extends Record> Bound bind(
      InferenceProvider<C> provider, Map<String, Object> options) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    return new Bound(config, context -> provider.create(config, context));
  }
}
