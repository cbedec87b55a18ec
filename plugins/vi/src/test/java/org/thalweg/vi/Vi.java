package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.Values;

/** What tests of the methods need. */
public final class Vi {
  /** A registry of flows, methods and targets. */
  public static final Registry REGISTRY =
      Registry.builder()
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .add(new ViPlugin(), new PluginOrigin("vi", "0", "test"))
          .build();

  /** Double precision, for comparisons. */
  public static final Engine DOUBLE = engine(DataType.FLOAT64);

  static final Engine SINGLE = engine(DataType.FLOAT32);

  private Vi() {}

  private static Engine engine(DataType type) {
    return Engines.open("cpu", new EngineOptions(1, type));
  }

  static EstimatorContext context() {
    return new EstimatorContext(SINGLE, REGISTRY);
  }

  static InferenceOptions options(long seed) {
    return new InferenceOptions(new Seed(seed), 1, 0, Optional.empty(), Checkpoints.NONE);
  }

  static Posterior infer(String method, Problem problem, Map<String, ?> set, long seed) {
    return infer(method, problem, set, options(seed), event -> {});
  }

  static Posterior infer(
      String method,
      Problem problem,
      Map<String, ?> set,
      InferenceOptions options,
      InferenceListener listener) {
    return create(REGISTRY.method(method), set).infer(problem, options, listener);
  }

  private static <C extends Record> Inference create(
      InferenceProvider<C> provider, Map<String, ?> set) {
    return provider.create(ConfigBinder.bind(provider.defaults(), set), context());
  }

  /** A registered target without data. */
  public static LogDensityProblem target(String name) {
    return target(REGISTRY.target(name), Map.of());
  }

  /** A registered target. */
  public static LogDensityProblem target(String name, Map<String, Object> data) {
    return target(REGISTRY.target(name), data);
  }

  private static <C extends Record> LogDensityProblem target(
      TargetProvider<C> provider, Map<String, Object> data) {
    return provider.create(provider.defaults(), data);
  }

  /** A model from a function. */
  static LogDensityProblem model(
      String name, List<ParameterBlock> parameters, Function<Values, NDArray> logJoint) {
    BayesianModel model =
        new BayesianModel() {
          @Override
          public List<ParameterBlock> parameters() {
            return parameters;
          }

          @Override
          public NDArray logJoint(Values values) {
            return logJoint.apply(values);
          }
        };
    return model.problem(name);
  }

  /** The log joint density of rows, in double precision. */
  public static double[] logJoint(LogDensityProblem problem, Matrix rows) {
    try (Tape tape = DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray array = tape.constant(rows.values(), new Shape(rows.rows(), rows.columns()));
      return DOUBLE.hostView(problem.logJoint().logDensity(tape, array)).toDoubles();
    }
  }
}
