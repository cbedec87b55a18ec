package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.data.Kind;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/** A spline of the unit interval, stretched to [-b, b]; the slope stays what it is. */
final class ComposedSpline implements Univariate {
  private final UnitSpline unit;
  private final double bound;
  private final Ends ends;

  ComposedSpline(UnitSpline unit, double bound, Ends ends) {
    this.unit = unit;
    this.bound = bound;
    this.ends = ends;
  }

  @Override
  public int parameterCount() {
    return unit.parameterCount();
  }

  @Override
  public double[] identity() {
    return unit.identity();
  }

  @Override
  public Kind domain() {
    return ends.domain(bound);
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    NDArray u = unit(x);
    Elementwise mapped = pieces(tape, parameters).find(u, Knots.Axis.DATA).at(u);
    return stretched(x, mapped.value(), mapped.logDerivative());
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray v = unit(y);
    UnitSpline.Piece piece = pieces(tape, parameters).find(v, Knots.Axis.NOISE);
    NDArray u = newton(piece, piece.root(v).stopGradient(), v);
    if (tape.mode() == Tape.Mode.SECOND_ORDER) {
      // The second step makes the second derivatives right as well.
      u = newton(piece, u, v);
    }
    return stretched(y, u, piece.at(u).logDerivative().neg());
  }

  /**
   * One step of Newton's method. It is what makes the inverse differentiable: by the implicit
   * function theorem its derivative is right to first order if it starts from a root.
   */
  private static NDArray newton(UnitSpline.Piece piece, NDArray u, NDArray v) {
    Elementwise at = piece.at(u);
    NDArray next = u.add(v.sub(at.value()).mul(at.logDerivative().neg().exp()));
    NDArray value = next.stopGradient();
    return next.add(value.clip(0, 1).sub(value));
  }

  private UnitSpline.Pieces pieces(Tape tape, NDArray parameters) {
    Shape shape = parameters.getShape();
    long m = shape.get(0) * shape.get(1);
    int p = unit.parameterCount();
    // Flattening a transposed tensor is what makes it contiguous.
    NDArray rows =
        Knots.clipped(parameters)
            .reshape(new Shape(m, p))
            .transpose()
            .flatten()
            .reshape(new Shape(p, m));
    return unit.pieces(tape, rows);
  }

  /** Outside the bound the spline is evaluated at the bound, and not used. */
  private NDArray unit(NDArray batch) {
    return batch.reshape(new Shape(1, batch.size())).clip(-bound, bound).add(bound).div(2 * bound);
  }

  private Elementwise stretched(NDArray argument, NDArray unitValue, NDArray logDerivative) {
    NDArray inside = argument.abs().lte(bound);
    NDArray value = unitValue.mul(2 * bound).sub(bound).reshape(argument.getShape());
    NDArray slope = logDerivative.reshape(argument.getShape());
    return new Elementwise(
        NDArrays.where(inside, value, argument), NDArrays.where(inside, slope, slope.zerosLike()));
  }
}
