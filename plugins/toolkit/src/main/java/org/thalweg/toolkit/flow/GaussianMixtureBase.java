package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.nn.Draws;
import org.thalweg.toolkit.nn.Ops;

/**
 * A trainable mixture of M Gaussians with diagonal covariances, the same for every context. The
 * means start at standard normal numbers, the standard deviations and weights equal.
 *
 * <p>Draws are differentiable in the means and standard deviations of the components they come
 * from. The choice of the component is discrete: no derivative passes through it, so the gradient
 * of an expectation over draws lacks its part in the weights, while {@link Density#logDensity}
 * trains all of them.
 */
public final class GaussianMixtureBase implements TrainableDensity {
  /** Keeps a component from shrinking onto one point (Durkan and Nash, 2019, appendix B). */
  private static final double SMALLEST_SCALE = 1e-3;

  private final int dimension;
  private final int components;
  private final Parameter logits;
  private final Parameter means;
  private final Parameter scales;

  /**
   * A mixture.
   *
   * @param scope where {@code logits [M]}, {@code means [M, D]} and {@code scales [M, D]} are
   *     declared
   * @param dimension D, the numbers in one event
   * @param components M, at least 1
   */
  public GaussianMixtureBase(ParameterScope scope, int dimension, int components) {
    this.dimension = dimension;
    this.components = components;
    logits = scope.parameter("logits", new Shape(components), Initializer.ZEROS);
    means =
        scope.parameter(
            "means",
            new Shape(components, dimension),
            (size, random) -> {
              double[] out = new double[size];
              for (int i = 0; i < size; i++) {
                out[i] = random.nextGaussian();
              }
              return out;
            });
    double unit = Math.log(Math.expm1(1 - SMALLEST_SCALE));
    scales = scope.parameter("scales", new Shape(components, dimension), Initializer.repeat(unit));
  }

  @Override
  public ConditionalDensity bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray weights = tape.parameter(logits);
    NDArray centres = tape.parameter(means);
    NDArray widths = Ops.softplus(tape.parameter(scales)).add(SMALLEST_SCALE);
    return context -> new Bound(tape, ContextBatch.size(context), weights, centres, widths);
  }

  private final class Bound implements Density {
    private final Tape tape;
    private final long contexts;
    private final NDArray weights;
    private final NDArray centres;
    private final NDArray widths;

    private Bound(Tape tape, long contexts, NDArray weights, NDArray centres, NDArray widths) {
      this.tape = tape;
      this.contexts = contexts;
      this.weights = weights;
      this.centres = centres;
      this.widths = widths;
    }

    @Override
    public NDArray logDensity(NDArray x) {
      Events.check(x, new Shape(dimension));
      NDArray standardised = x.expandDims(1).sub(centres).div(widths);
      NDArray normaliser =
          widths.log().sum(new int[] {1}).add(0.5 * dimension * Math.log(2 * Math.PI));
      NDArray each =
          standardised
              .square()
              .sum(new int[] {2})
              .mul(-0.5)
              .sub(normaliser)
              .add(Ops.logSoftmax(weights));
      return Ops.logSumExp(each, 1);
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      long n = contexts * perContext;
      NDArray uniform = Draws.uniform(tape, seed.child("component"), new Shape(n, 1));
      NDArray chosen = Draws.oneHot(Ops.softmax(weights.stopGradient()), uniform);
      NDArray noise = Draws.normal(tape, seed.child("noise"), new Shape(n, dimension));
      NDArray value = chosen.matMul(centres).add(chosen.matMul(widths).mul(noise));
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
