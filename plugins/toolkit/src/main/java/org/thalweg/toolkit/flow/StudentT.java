package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
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
import org.thalweg.toolkit.nn.Ops;

/**
 * Independent Student-t numbers, each with trainable degrees of freedom; the same for every
 * context. A flow whose transforms end in linear tails keeps the tails of its base, so heavy tails
 * must come from here (Jaini and others, 2020, "Tails of Lipschitz triangular flows", section 3).
 */
public final class StudentT implements TrainableDensity {
  /** With fewer degrees of freedom single precision cannot hold the largest of a million draws. */
  private static final double FEWEST = 1;

  private final int dimension;
  private final Parameter freedom;

  /**
   * A base.
   *
   * @param scope where {@code freedom [D]} is declared, before a softplus and a floor of 1
   * @param dimension D, the numbers in one event
   * @param degreesOfFreedom where each starts, above 1
   */
  public StudentT(ParameterScope scope, int dimension, double degreesOfFreedom) {
    this.dimension = dimension;
    double above = degreesOfFreedom - FEWEST;
    double start = above + Math.log(-Math.expm1(-above));
    freedom = scope.parameter("freedom", new Shape(dimension), Initializer.repeat(start));
  }

  @Override
  public ConditionalDensity bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray nu = Ops.softplus(tape.parameter(freedom)).add(FEWEST);
    return context -> new Bound(tape, ContextBatch.size(context), nu);
  }

  private final class Bound implements Density {
    private final Tape tape;
    private final long contexts;
    private final NDArray nu;
    private final NDArray normaliser;

    private Bound(Tape tape, long contexts, NDArray nu) {
      this.tape = tape;
      this.contexts = contexts;
      this.nu = nu;
      NDArray half = nu.div(2);
      normaliser =
          Ops.logGamma(half.add(0.5)).sub(Ops.logGamma(half)).sub(nu.mul(Math.PI).log().div(2));
    }

    @Override
    public NDArray logDensity(NDArray x) {
      Events.check(x, new Shape(dimension));
      NDArray scaled = x.abs().div(nu.sqrt());
      // log(1 + a^2) without the square of a large number.
      NDArray larger = scaled.maximum(1);
      NDArray ratio = scaled.div(larger);
      NDArray tail = larger.log().mul(2).add(larger.pow(-2).add(ratio.square()).log());
      return normaliser.sub(nu.add(1).div(2).mul(tail)).sum(new int[] {1});
    }

    /** By the polar method, which is differentiable in the degrees (Bailey, 1994, eq. 4). */
    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      Shape batch = new Shape(contexts * perContext, dimension);
      int size = Math.toIntExact(batch.size());
      double[] cosines = new double[size];
      double[] exponents = new double[size];
      SplittableRandom random = seed.generator();
      for (int i = 0; i < size; i++) {
        double u;
        double w;
        do {
          u = 2 * random.nextDouble() - 1;
          double v = 2 * random.nextDouble() - 1;
          w = u * u + v * v;
        } while (w > 1 || w == 0);
        cosines[i] = u / Math.sqrt(w);
        exponents[i] = -Math.log(w);
      }
      // t = cosine sqrt(nu (w^(-2 / nu) - 1)), with exp(2 a) - 1 = 2 exp(a) sinh(a).
      NDArray a = tape.constant(exponents, batch).div(nu);
      NDArray square = a.sinh().mul(a.exp()).mul(2).mul(nu);
      NDArray value = tape.constant(cosines, batch).mul(square.sqrt());
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
