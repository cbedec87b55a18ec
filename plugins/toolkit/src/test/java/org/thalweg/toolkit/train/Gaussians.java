package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.config.Option;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;

/** The simplest density that can be trained: independent Gaussians. */
public final class Gaussians implements DensityProvider<Gaussians.Config> {
  /** One option, so that there is one to set. */
  public record Config(@Option(value = "the initial scale", min = 0) double scale) {}

  @Override
  public String name() {
    return "gaussians";
  }

  @Override
  public String summary() {
    return "Independent Gaussians";
  }

  @Override
  public Config defaults() {
    return new Config(2);
  }

  @Override
  public TrainableDensity create(Config config, BuildContext context) {
    Shape shape = context.eventShape();
    Parameter mean = context.scope().parameter("mean", shape, Initializer.uniform(1));
    Parameter logScale =
        context.scope().parameter("log-scale", shape, Initializer.repeat(Math.log(config.scale())));
    return binding -> given -> new Bound(binding.tape(), mean, logScale, shape.size());
  }

  private record Bound(Tape tape, Parameter mean, Parameter logScale, long d) implements Density {
    @Override
    public NDArray logDensity(NDArray x) {
      NDArray scale = tape.parameter(logScale);
      NDArray z = x.sub(tape.parameter(mean)).mul(scale.neg().exp());
      return z.square().mul(-0.5).sub(scale).sub(0.5 * Math.log(2 * Math.PI)).sum(new int[] {1});
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      SplittableRandom random = seed.generator();
      double[] noise = new double[Math.toIntExact(perContext * d)];
      Arrays.setAll(noise, i -> random.nextGaussian());
      NDArray value =
          tape.constant(noise, new Shape(perContext, d))
              .mul(tape.parameter(logScale).exp())
              .add(tape.parameter(mean));
      return new Draw(value, logDensity(value));
    }

    @Override
    public Cost densityCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost sampleCost() {
      return Cost.ONE_PASS;
    }
  }

  /** The CPU engine. */
  static Engine engine(int threads) {
    return Engines.open("cpu", EngineOptions.threads(threads));
  }

  /** A registry with this density's estimator. */
  static Registry registry() {
    ThalwegPlugin plugin =
        new ThalwegPlugin() {
          @Override
          public List<EstimatorProvider<?>> estimators() {
            return List.of(new MaximumLikelihoodProvider<>(new Gaussians()));
          }
        };
    return Registry.builder().add(plugin, new PluginOrigin("test", "1", "test")).build();
  }

  /** Rows from Gaussians with means 10 and -5 and standard deviations 3 and 0.2. */
  static Dataset data(int rows) {
    SplittableRandom random = new SplittableRandom(17);
    double[] values = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      values[2 * i] = 10 + 3 * random.nextGaussian();
      values[2 * i + 1] = -5 + 0.2 * random.nextGaussian();
    }
    return Dataset.of(new Matrix(rows, 2, values));
  }
}
