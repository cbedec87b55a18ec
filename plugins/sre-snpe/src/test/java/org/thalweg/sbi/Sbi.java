package org.thalweg.sbi;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;

/** Runs methods in tests. */
final class Sbi {
  static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Registry REGISTRY =
      Registry.builder()
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .add(new SbiPlugin(), new PluginOrigin("sbi", "0", "test"))
          .build();
  static final EstimatorContext CONTEXT = new EstimatorContext(ENGINE, REGISTRY);

  private Sbi() {}

  static Posterior infer(
      String method,
      Map<String, Object> options,
      SimulatorProblem problem,
      int rounds,
      int budget) {
    return infer(method, options, problem, options(rounds, budget), event -> {});
  }

  static InferenceOptions options(int rounds, int budget) {
    return new InferenceOptions(new Seed(1), rounds, budget, Optional.empty(), Checkpoints.NONE);
  }

  static Posterior infer(
      String method,
      Map<String, Object> options,
      SimulatorProblem problem,
      InferenceOptions how,
      InferenceListener listener) {
    return create(REGISTRY.method(method), options, problem, how, listener);
  }

  /** A method's options. */
  static Record bound(String method, Map<String, Object> options) {
    return ConfigBinder.bind(REGISTRY.method(method).defaults(), options);
  }

  private static <C extends Record> Posterior create(
      InferenceProvider<C> provider,
      Map<String, Object> options,
      SimulatorProblem problem,
      InferenceOptions how,
      InferenceListener listener) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    return provider.create(config, CONTEXT).infer(problem, how, listener);
  }

  /** Remembers what it was told. */
  static final class Log implements InferenceListener {
    final List<InferenceEvent> events = new ArrayList<>();

    @Override
    public void on(InferenceEvent event) {
      events.add(event);
    }
  }

  static double mean(Matrix draws, int column) {
    return Moments.of(draws.column(column)).mean();
  }

  static double covariance(Matrix draws, int a, int b) {
    double meanA = mean(draws, a);
    double meanB = mean(draws, b);
    double sum = 0;
    for (int i = 0; i < draws.rows(); i++) {
      sum += (draws.get(i, a) - meanA) * (draws.get(i, b) - meanB) / (draws.rows() - 1);
    }
    return sum;
  }
}
