package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.nn.Contexts;
import org.thalweg.toolkit.nn.Draws;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.RepeatedRows;
import org.thalweg.toolkit.nn.ResMade;
import org.thalweg.toolkit.nn.Walk;

/**
 * A product of conditionals, each a mixture of K Gaussians whose parameters one masked net reads
 * from the columns before it: {@code p(x) = prod_d sum_k pi_dk N(x_d; mu_dk, sigma_dk)} (Germain
 * and others, 2015; Papamakarios and others, 2017, section 3.1, "MADE MoG").
 *
 * <p>Draws are differentiable in the means and widths of the components they come from; no
 * derivative passes through the choice of the component.
 */
final class Made implements TrainableDensity {
  /** Keeps a component from shrinking onto one point. */
  private static final double SMALLEST_SCALE = 1e-3;

  private final int dimension;
  private final int contextSize;
  private final int components;
  private final ResMade net;

  Made(BuildContext build, NetSize size, int components) {
    this.dimension = Vectors.dimension(build);
    this.contextSize = build.contextSize();
    this.components = components;
    int hidden = Math.max(size.hidden(), ResMade.narrowest(dimension, contextSize));
    net =
        new ResMade(
            build.scope(),
            dimension,
            contextSize,
            new NetSize(hidden, size.blocks(), size.dropout()),
            3 * components,
            Head.near(start(components)));
  }

  /** Equal weights, and means spread over where standardised data lies. */
  private static double[] start(int components) {
    double[] out = new double[3 * components];
    double unit = Math.log(Math.expm1(1 - SMALLEST_SCALE));
    for (int k = 0; k < components; k++) {
      out[components + k] = components == 1 ? 0 : -1.5 + 3.0 * k / (components - 1);
      out[2 * components + k] = unit;
    }
    return out;
  }

  @Override
  public ConditionalDensity bind(Binding binding) {
    ResMade.Bound bound = net.bind(binding.child("net"));
    return context ->
        new Bound(binding.tape(), context, bound.given(Contexts.rows(context, contextSize)));
  }

  private final class Bound implements Density {
    private final Tape tape;
    private final long contexts;
    private final ResMade.Conditioned conditioner;

    private Bound(Tape tape, Context context, ResMade.Conditioned conditioner) {
      this.tape = tape;
      this.contexts = context instanceof Context.Of of ? of.rows().getShape().get(0) : 1;
      this.conditioner = conditioner;
    }

    @Override
    public NDArray logDensity(NDArray x) {
      Shape shape = x.getShape();
      if (shape.dimension() != 2 || shape.get(1) != dimension) {
        throw ThalwegException.usage(
            "A batch of events has shape (N, %d) here, got %s.", dimension, shape);
      }
      RepeatedRows.perContext(shape.get(0), contexts);
      return logMixture(x, conditioner.apply(x)).sum(new int[] {1});
    }

    /** The log-density of each column {@code [N, d]} under its mixture {@code [N, d, 3 K]}. */
    private NDArray logMixture(NDArray x, NDArray parameters) {
      NDList three = parameters.split(3, 2);
      NDArray scale = scale(three);
      NDArray standardised = x.expandDims(2).sub(three.get(1)).div(scale);
      NDArray each =
          standardised
              .square()
              .mul(-0.5)
              .sub(scale.log())
              .sub(0.5 * Math.log(2 * Math.PI))
              .add(Ops.logSoftmax(three.get(0)));
      return Ops.logSumExp(each, 2);
    }

    private static NDArray scale(NDList three) {
      return Ops.softplus(three.get(2)).add(SMALLEST_SCALE);
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      long rows = contexts * perContext;
      NDArray uniform = Draws.uniform(tape, seed.child("component"), new Shape(rows, dimension));
      NDArray noise = Draws.normal(tape, seed.child("noise"), new Shape(rows, dimension));
      Walk walk = conditioner.walk(rows);
      NDList values = new NDList();
      NDArray logDensity = Vectors.zeros(noise);
      for (int d = 0; d < dimension; d++) {
        NDIndex column = new NDIndex(":, {}:{}", d, d + 1);
        NDArray parameters = walk.outputs().expandDims(1);
        NDList three = parameters.split(3, 2);
        NDArray chosen =
            Draws.oneHot(Ops.softmax(three.get(0).squeeze(1)).stopGradient(), uniform.get(column));
        NDArray mean = three.get(1).squeeze(1).mul(chosen).sum(new int[] {1}, true);
        NDArray scale = scale(three).squeeze(1).mul(chosen).sum(new int[] {1}, true);
        NDArray value = mean.add(scale.mul(noise.get(column)));
        values.add(value);
        logDensity = logDensity.add(logMixture(value, parameters).squeeze(1));
        walk.accept(value);
      }
      return new Draw(Ops.concat(values, 1), logDensity);
    }

    @Override
    public Cost densityCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost sampleCost() {
      return Cost.SEQUENTIAL;
    }
  }
}
