package org.thalweg.splines;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.HostNumbers;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;

/**
 * A direction of {@link RationalQuadratic} in one pass over host memory. A dozen tensor operations
 * each read and write every knot; this reads an element's parameters once, and computes with the
 * one bin that it needs.
 *
 * <p>Inputs: the argument {@code [N, D]}, the unconstrained parameters {@code [N, D, P]}, which
 * serve for the gradient alone, and their exponentials {@code [N, D, P]}, which the tensor library
 * computes several at a time. Outputs: the value and the log-derivative, {@code [N, D]} each.
 */
final class FusedRationalQuadratic implements CustomOperation {
  /** Elements that are copied at a time; they stay in the first cache. */
  private static final int BLOCK = 64;

  private final RationalQuadratic spline;
  private final Knots.Axis axis;
  private final Tape.Mode mode;

  /** What {@link #forward} found, for {@link #vjp}. */
  private Found found = new Found(0);

  /**
   * The operation.
   *
   * @param axis what the argument is: a data value to be mapped forward, or a noise value
   * @param mode of the tape; EVALUATE wants numbers alone
   */
  FusedRationalQuadratic(RationalQuadratic spline, Knots.Axis axis, Tape.Mode mode) {
    this.spline = spline;
    this.axis = axis;
    this.mode = mode;
  }

  @Override
  public String name() {
    return "rational-quadratic";
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(inputs.get(0), inputs.get(0));
  }

  @Override
  public void forward(List<HostArray> inputs, List<HostArray> outputs) {
    HostNumbers arguments = inputs.get(0).numbers();
    HostNumbers exponentials = inputs.get(2).numbers();
    HostNumbers values = outputs.get(0).numbers();
    HostNumbers logDerivatives = outputs.get(1).numbers();
    int p = spline.parameterCount();
    double[] x = new double[BLOCK];
    double[] e = new double[BLOCK * p];
    double[] y = new double[BLOCK];
    double[] l = new double[BLOCK];
    Piece piece = new Piece(spline.config());
    int size = inputs.get(0).size();
    boolean kept = mode != Tape.Mode.EVALUATE;
    found = new Found(kept ? size : 0);
    for (int from = 0; from < size; from += BLOCK) {
      int count = Math.min(BLOCK, size - from);
      arguments.read(from, x, count);
      exponentials.read(from * p, e, count * p);
      for (int i = 0; i < count; i++) {
        if (outside(x[i])) {
          y[i] = x[i];
          l[i] = 0;
          continue;
        }
        piece.find(e, i * p, x[i], axis);
        if (kept) {
          found.keep(from + i, piece);
        }
        if (axis == Knots.Axis.DATA) {
          piece.at(x[i]);
          y[i] = piece.noise();
          l[i] = Math.log(piece.derivative());
        } else {
          piece.atNoise(x[i]);
          y[i] = piece.data();
          l[i] = -Math.log(piece.derivative());
        }
      }
      values.write(from, y, count);
      logDerivatives.write(from, l, count);
    }
  }

  @Override
  public void vjp(
      List<HostArray> inputs,
      List<HostArray> outputs,
      List<HostArray> cotangents,
      List<HostArray> inputCotangents) {
    HostNumbers arguments = inputs.get(0).numbers();
    HostNumbers exponentials = inputs.get(2).numbers();
    HostNumbers ofValues = cotangents.get(0).numbers();
    HostNumbers ofLogDerivatives = cotangents.get(1).numbers();
    HostNumbers ofArguments = inputCotangents.get(0).numbers();
    HostNumbers ofParameters = inputCotangents.get(1).numbers();
    int p = spline.parameterCount();
    double[] x = new double[BLOCK];
    double[] e = new double[BLOCK * p];
    double[] u = new double[BLOCK];
    double[] v = new double[BLOCK];
    double[] gradient = new double[BLOCK * p];
    Piece piece = new Piece(spline.config());
    int size = inputs.get(0).size();
    for (int from = 0; from < size; from += BLOCK) {
      int count = Math.min(BLOCK, size - from);
      arguments.read(from, x, count);
      exponentials.read(from * p, e, count * p);
      ofValues.read(from, u, count);
      ofLogDerivatives.read(from, v, count);
      for (int i = 0; i < count; i++) {
        if (outside(x[i])) {
          Arrays.fill(gradient, i * p, (i + 1) * p, 0);
        } else {
          piece.recall(e, i * p, found, from + i);
          u[i] = backward(piece, x[i], u[i], v[i], gradient);
        }
      }
      ofArguments.write(from, u, count);
      ofParameters.write(from * p, gradient, count * p);
    }
  }

  /** Sets the gradient by the parameters and returns the derivative by the argument. */
  private double backward(Piece piece, double x, double u, double v, double[] gradient) {
    if (axis == Knots.Axis.DATA) {
      piece.at(x);
      return piece.backward(u, v, gradient);
    }
    piece.atNoise(x);
    // By the implicit function theorem: the inverse moves against the forward map, by its slope.
    double byNoise = (u - v * piece.logDerivativeByData()) / piece.derivative();
    piece.backward(-byNoise, -v, gradient);
    return byNoise;
  }

  /** Nothing lies outside a circle, though pi in single precision is above pi. */
  private boolean outside(double x) {
    return spline.config().ends() == Ends.CIRCULAR
        ? !Double.isFinite(x)
        : !(Math.abs(x) <= spline.config().bound());
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    Elementwise mapped =
        axis == Knots.Axis.DATA
            ? spline.composedForward(tape, inputs.get(0), inputs.get(1))
            : spline.composedInverse(tape, inputs.get(0), inputs.get(1));
    return new NDList(mapped.value(), mapped.logDerivative());
  }
}
