package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.flow.StandardNormal;
import org.thalweg.toolkit.train.MaximumLikelihoodConfig;
import org.thalweg.toolkit.train.MaximumLikelihoodProvider;

/** Independent Gaussians about a line in the context, trained by gradient, with a mistake. */
record LinearGaussian(Mistake mistake) implements DensityProvider<DiagonalTransform.Config> {
  @Override
  public String name() {
    return "linear-gaussian";
  }

  @Override
  public String summary() {
    return "A test";
  }

  @Override
  public DiagonalTransform.Config defaults() {
    return new DiagonalTransform.Config();
  }

  @Override
  public TrainableDensity create(DiagonalTransform.Config config, BuildContext context) {
    var transform = new DiagonalTransform.Provider(mistake).create(config, context);
    var flow =
        new FlowDensity(context, List.of(transform), new StandardNormal(context.eventShape()));
    return binding -> {
      ConditionalDensity bound = flow.bind(binding);
      return rows -> new Wrong(bound.given(rows), mistake);
    };
  }

  private record Wrong(Density right, Mistake mistake) implements Density {
    @Override
    public NDArray logDensity(NDArray x) {
      NDArray value = right.logDensity(x);
      return mistake == Mistake.NOT_NORMALISED ? value.add(0.01) : value;
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      Draw draw = right.sampleWithLogDensity(perContext, seed);
      return mistake == Mistake.WIDE_SAMPLES
          ? new Draw(draw.value().mul(1.2), draw.logDensity())
          : draw;
    }

    @Override
    public Cost densityCost() {
      return right.densityCost();
    }

    @Override
    public Cost sampleCost() {
      return right.sampleCost();
    }
  }

  /** Its estimator. */
  static final class Trained implements EstimatorProvider<MaximumLikelihoodConfig> {
    private final Mistake mistake;
    private final MaximumLikelihoodProvider<DiagonalTransform.Config> right;
    private int fits;

    Trained(Mistake mistake) {
      this.mistake = mistake;
      this.right = new MaximumLikelihoodProvider<>(new LinearGaussian(mistake));
    }

    @Override
    public String name() {
      return right.name();
    }

    @Override
    public String summary() {
      return right.summary();
    }

    @Override
    public MaximumLikelihoodConfig defaults() {
      return right.defaults();
    }

    @Override
    public Set<Capability> capabilities() {
      Set<Capability> out = EnumSet.copyOf(right.capabilities());
      if (mistake == Mistake.CAPABILITY) {
        out.add(Capability.SCORE);
      }
      return out;
    }

    @Override
    public boolean conditional() {
      return true;
    }

    @Override
    public Estimator create(MaximumLikelihoodConfig config, EstimatorContext context) {
      Estimator estimator = right.create(config, context);
      return (data, options, listener) -> {
        FitOptions used = mistake == Mistake.UNSEEDED ? FitOptions.seed(fits++) : options;
        return estimator.fit(data, used, listener);
      };
    }

    @Override
    public Model load(ModelReader reader, EstimatorContext context) {
      return right.load(reader, context);
    }
  }
}
