package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.api.transform.TransformProvider;

/** y = x exp(2 tanh(s / 2)) + t + c W, with a mistake. */
final class DiagonalTransform extends Transform {
  /** No options. */
  public record Config() {}

  record Provider(Mistake mistake) implements TransformProvider<Config> {
    @Override
    public String name() {
      return "diagonal";
    }

    @Override
    public String summary() {
      return "A test";
    }

    @Override
    public Config defaults() {
      return new Config();
    }

    @Override
    public TrainableTransform create(Config config, BuildContext context) {
      Shape shape = context.eventShape();
      Parameter scale = context.scope().parameter("scale", shape, Initializer.uniform(0.1));
      Parameter shift = context.scope().parameter("shift", shape, Initializer.uniform(0.1));
      Shape matrix = new Shape(context.contextSize()).addAll(shape);
      int given = mistake == Mistake.IGNORED_CONTEXT ? 0 : context.contextSize();
      Parameter slope =
          given == 0 ? shift : context.scope().parameter("slope", matrix, Initializer.uniform(0.1));
      return binding ->
          rows ->
              new DiagonalTransform(
                  shape, binding, mistake, scale, shift, slope, checked(rows, given));
    }

    private static Context checked(Context rows, int given) {
      if (given > 0 && rows instanceof Context.None) {
        throw ThalwegException.usage("A context of %d columns is needed.", given);
      }
      return given == 0 ? Context.none() : rows;
    }
  }

  private final Mistake mistake;
  private final NDArray scale;
  private final NDArray shift;
  private final NDArray perContext;

  private DiagonalTransform(
      Shape shape,
      Binding binding,
      Mistake mistake,
      Parameter scale,
      Parameter shift,
      Parameter slope,
      Context context) {
    super(shape);
    this.mistake = mistake;
    Tape tape = binding.tape();
    this.scale = tape.parameter(scale).div(2).tanh().mul(2);
    NDArray t = tape.parameter(shift);
    this.shift = mistake == Mistake.DEAD_PARAMETER ? t.mul(0) : t;
    this.perContext =
        context instanceof Context.Of of
            ? of.rows().matMul(tape.parameter(slope))
            : tape.constant(new double[1], new Shape(1, 1));
  }

  @Override
  public Cost forwardCost() {
    return Cost.ONE_PASS;
  }

  @Override
  public Cost inverseCost() {
    return Cost.ONE_PASS;
  }

  private NDArray offset(NDArray batch) {
    long contexts = perContext.getShape().get(0);
    NDArray rows =
        contexts <= 1 ? perContext : perContext.repeat(0, batch.getShape().get(0) / contexts);
    return rows.add(shift);
  }

  private NDArray logAbsDet(NDArray batch) {
    return batch.mul(0).add(scale).sum(new int[] {1});
  }

  @Override
  protected Mapped mapForward(NDArray x) {
    NDArray y = x.mul(scale.exp()).add(offset(x));
    if (mistake == Mistake.NEIGHBOURS) {
      y = y.add(x.mean().mul(0.01));
    } else if (mistake == Mistake.OVERFLOW) {
      y = y.add(x.exp().log().sub(x).mul(1e-9));
    }
    NDArray logAbsDet = logAbsDet(x);
    return new Mapped(y, mistake == Mistake.SIGN ? logAbsDet.neg() : logAbsDet);
  }

  @Override
  protected Mapped mapInverse(NDArray y) {
    NDArray x = y.sub(offset(y)).mul(scale.neg().exp());
    return new Mapped(mistake == Mistake.INVERSE ? x.add(1e-4) : x, logAbsDet(y).neg());
  }
}
