package org.thalweg.bench.vi;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.infer.Psis;
import org.thalweg.toolkit.infer.ScoredSampler;

/** One training of a method on a target. */
final class Trial {
  /** Rows that a log joint is computed for at a time. */
  private static final int CHUNK = 2500;

  /**
   * A posterior and how long it took.
   *
   * @param problem what it is of
   * @param posterior the posterior
   * @param seconds from the call to the posterior, its judgement included
   */
  record Trained(LogDensityProblem problem, Posterior posterior, double seconds) {}

  /**
   * Draws with their importance ratios.
   *
   * @param draws {@code [S, P]}
   * @param ratios log target minus log approximation
   */
  record Weighed(Matrix draws, double[] ratios) {
    double elbo() {
      double sum = 0;
      for (double ratio : ratios) {
        sum += ratio;
      }
      return sum / ratios.length;
    }

    Psis psis() {
      return Psis.of(ratios);
    }
  }

  private final Registry registry = Installed.registry();
  private final Engine engine;

  Trial(DataType type) {
    engine = Engines.open("cpu", new EngineOptions(1, type));
  }

  Engine engine() {
    return engine;
  }

  LogDensityProblem problem(String target, Map<String, Object> data) {
    return create(registry.target(target), data);
  }

  private static <C extends Record> LogDensityProblem create(
      TargetProvider<C> provider, Map<String, Object> data) {
    return provider.create(provider.defaults(), data);
  }

  /** All options of a method with some set, as one field of a row. */
  String options(String method, Map<String, ?> some) {
    return described(registry.method(method), some);
  }

  private static <C extends Record> String described(
      InferenceProvider<C> provider, Map<String, ?> some) {
    StringJoiner out = new StringJoiner(" ");
    ConfigBinder.flatten(ConfigBinder.bind(provider.defaults(), some))
        .forEach((name, value) -> out.add(name + "=" + value));
    return out.toString().replace(',', ';');
  }

  Trained train(String method, LogDensityProblem problem, Map<String, ?> options, long seed) {
    return train(method, problem, options, seed, event -> {});
  }

  Trained train(
      String method,
      LogDensityProblem problem,
      Map<String, ?> options,
      long seed,
      InferenceListener listener) {
    long start = System.nanoTime();
    Posterior posterior = infer(registry.method(method), problem, options, seed, listener);
    return new Trained(problem, posterior, (System.nanoTime() - start) * 1e-9);
  }

  private <C extends Record> Posterior infer(
      InferenceProvider<C> provider,
      LogDensityProblem problem,
      Map<String, ?> options,
      long seed,
      InferenceListener listener) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    var how = new InferenceOptions(new Seed(seed), 1, 0, Optional.empty(), Checkpoints.NONE);
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .infer(problem, how, listener);
  }

  /** Draws of a posterior, weighed by what the two log-densities say of them. */
  Weighed weigh(Trained trained, int draws, Seed seed) {
    ScoredSampler.Scored scored =
        ((ScoredSampler) trained.posterior()).sampleWithLogDensity(draws, seed);
    double[] ratios = logJoint(trained.problem(), scored.draws());
    for (int i = 0; i < draws; i++) {
      ratios[i] -= scored.logDensity()[i];
    }
    return new Weighed(scored.draws(), ratios);
  }

  /** The target's log joint density of parameters in the user's units. */
  double[] logJoint(LogDensityProblem problem, Matrix rows) {
    double[] out = new double[rows.rows()];
    for (int from = 0; from < out.length; from += CHUNK) {
      Matrix some = rows.slice(from, Math.min(out.length, from + CHUNK));
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        var array = tape.constant(some.values(), new Shape(some.rows(), some.columns()));
        double[] values = engine.hostView(problem.logJoint().logDensity(tape, array)).toDoubles();
        System.arraycopy(values, 0, out, from, values.length);
      }
    }
    return out;
  }
}
