package org.thalweg.app.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.api.config.Option;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.random.Seed;

/** Answers with the normal distribution that its options name. */
final class FakeVariational implements InferenceProvider<FakeVariational.Config> {
  /** Options. */
  public record Config(
      @Option("the answer's mean") double mean,
      @Option("the answer's s.d.") double deviation,
      @Option("a k-hat that it claims to have; 0: none") double claimed) {}

  @Override
  public String name() {
    return "fake-variational";
  }

  @Override
  public String summary() {
    return "answers what it is told";
  }

  @Override
  public Config defaults() {
    return new Config(0, 1, 0);
  }

  @Override
  public Class<? extends Problem> problemType() {
    return LogDensityProblem.class;
  }

  @Override
  public Inference create(Config config, EstimatorContext context) {
    return (problem, options, listener) -> {
      for (int step = 1; step <= 3; step++) {
        listener.on(new InferenceEvent.Training(new FitEvent.Stepped(step, 0, 3 - step)));
      }
      return new Answer(problem, config);
    };
  }

  @Override
  public Posterior load(Problem problem, ModelReader reader, EstimatorContext context) {
    return new Answer(problem, (Config) reader.card().config());
  }

  private record Answer(Problem problem, Config config) implements Posterior {
    @Override
    public Matrix sample(int n, Seed seed) {
      SplittableRandom random = seed.generator();
      double[] out = new double[n];
      for (int i = 0; i < n; i++) {
        out[i] = config.mean() + config.deviation() * random.nextGaussian();
      }
      return new Matrix(n, 1, out);
    }

    @Override
    public Optional<LogDensity.Relation> logDensityRelation() {
      return Optional.of(LogDensity.Relation.EXACT);
    }

    @Override
    public double[] logDensity(Matrix parameters) {
      double[] out = parameters.column(0);
      for (int i = 0; i < out.length; i++) {
        double z = (out[i] - config.mean()) / config.deviation();
        out[i] = -0.5 * z * z - Math.log(config.deviation()) - 0.5 * Math.log(2 * Math.PI);
      }
      return out;
    }

    @Override
    public Diagnostics diagnostics() {
      return config.claimed() > 0.7
          ? new Diagnostics(
              Diagnostics.Verdict.DOUBTFUL,
              List.of("It claims to be bad."),
              new TreeMap<>(Map.of("k_hat", config.claimed(), "k_hat_limit", 0.7)))
          : new Diagnostics(Diagnostics.Verdict.TRUST, List.of(), new TreeMap<>());
    }

    @Override
    public void save(ModelWriter writer) {
      writer.value("told", true);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
