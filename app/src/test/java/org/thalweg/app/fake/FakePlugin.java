package org.thalweg.app.fake;

import java.util.List;
import java.util.Map;
import org.thalweg.api.config.Option;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** Problems and methods whose every answer is known, to test what surrounds them. */
public final class FakePlugin implements ThalwegPlugin {
  @Override
  public List<InferenceProvider<?>> inferences() {
    return List.of(new FakeSequential(), new FakeVariational());
  }

  @Override
  public List<SimulatorProvider<?>> simulators() {
    return List.of(new Scales());
  }

  @Override
  public List<TargetProvider<?>> targets() {
    return List.of(new Mean());
  }

  /** Options of the simulator. */
  public record ScalesConfig(@Option(value = "its error", min = 0) double error) {}

  /** Two weights on an inexact pair of scales. */
  static final class Scales implements SimulatorProvider<ScalesConfig> {
    @Override
    public String name() {
      return "fake-scales";
    }

    @Override
    public String summary() {
      return "two weights, weighed";
    }

    @Override
    public ScalesConfig defaults() {
      return new ScalesConfig(0.1);
    }

    @Override
    public Simulation create(ScalesConfig config) {
      return new Simulation(
          IndependentPrior.repeated("weight", 2, new Marginal.Uniform(0, 1)),
          (parameters, seed) -> {
            var random = seed.generator();
            return new double[] {
              parameters[0] + config.error() * random.nextGaussian(),
              parameters[1] + config.error() * random.nextGaussian(),
              parameters[0] + parameters[1] + config.error() * random.nextGaussian()
            };
          },
          List.of("left", "right", "both"));
    }
  }

  /** Options of the target. */
  public record MeanConfig(@Option("the prior's s.d.") double width) {}

  /** The mean of numbers with s.d. 1, under a flat prior: N(mean(y), 1 / n). */
  static final class Mean implements TargetProvider<MeanConfig> {
    @Override
    public String name() {
      return "fake-mean";
    }

    @Override
    public String summary() {
      return "the mean of some numbers";
    }

    @Override
    public MeanConfig defaults() {
      return new MeanConfig(1);
    }

    @Override
    public List<String> requiredData() {
      return List.of("y");
    }

    @Override
    public LogDensityProblem create(MeanConfig config, Map<String, Object> data) {
      double[] y =
          ((List<?>) data.get("y")).stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
      double mean = new Matrix(1, y.length, y).row(0)[0];
      for (int i = 1; i < y.length; i++) {
        mean += (y[i] - mean) / (i + 1);
      }
      double centre = mean;
      return new LogDensityProblem(
          name(),
          List.of(ParameterBlock.real("mu")),
          (tape, x) -> x.sub(centre).square().sum(new int[] {1}).mul(-0.5 * y.length),
          true);
    }
  }
}
