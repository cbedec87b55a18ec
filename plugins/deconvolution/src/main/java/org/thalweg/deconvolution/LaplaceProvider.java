package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.nn.Draws;

/**
 * Registers independent Laplace numbers of mean 0 and variance 1, {@code p(x) = exp(-sqrt(2) |x|) /
 * sqrt(2)}: noise with heavier tails than a Gaussian of the same standard deviation.
 */
public final class LaplaceProvider implements DensityProvider<LaplaceProvider.Config> {
  /** No options. */
  public record Config() {}

  private static final double ROOT2 = Math.sqrt(2);

  /** Uniform numbers in single precision reach 0, whose logarithm is infinite. */
  private static final double LEAST = 0x1p-25;

  @Override
  public String name() {
    return "laplace";
  }

  @Override
  public String summary() {
    return "independent Laplace numbers of mean 0 and variance 1";
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public TrainableDensity create(Config config, BuildContext context) {
    Shape event = context.eventShape();
    return binding -> given -> new Bound(binding.tape(), event, contexts(given));
  }

  private static long contexts(Context context) {
    return context instanceof Context.Of of ? of.rows().getShape().get(0) : 1;
  }

  private record Bound(Tape tape, Shape event, long contexts) implements Density {
    @Override
    public NDArray logDensity(NDArray x) {
      long n = x.getShape().get(0);
      NDArray sums = x.abs().reshape(n, event.size()).sum(new int[] {1});
      return sums.mul(-ROOT2).sub(event.size() * Math.log(ROOT2));
    }

    /** By the inverse of the distribution function. */
    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      NDArray uniform = Draws.uniform(tape, seed, new Shape(contexts * perContext).addAll(event));
      NDArray centred = uniform.sub(0.5);
      NDArray tail = centred.abs().mul(-2).add(1).maximum(LEAST);
      NDArray value = centred.sign().mul(tail.log()).div(-ROOT2);
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
}
