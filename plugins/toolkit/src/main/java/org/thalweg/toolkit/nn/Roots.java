package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.function.UnaryOperator;

/** Roots of increasing functions, many at a time, by bisection. */
public final class Roots {
  private static final int SINGLE = 40;
  private static final int DOUBLE = 75;

  /** Steps of doubling: from 1 beyond everything that single precision holds. */
  private static final int DOUBLINGS = 130;

  private Roots() {}

  /**
   * Where increasing functions cross zero; not differentiable. The interval is halved until it is
   * as short as rounding allows.
   *
   * @param function elementwise, increasing
   * @param low where it is at most 0
   * @param high where it is at least 0
   */
  public static NDArray between(UnaryOperator<NDArray> function, NDArray low, NDArray high) {
    NDArray from = low.stopGradient();
    NDArray to = high.stopGradient();
    int steps = from.getDataType() == DataType.FLOAT32 ? SINGLE : DOUBLE;
    for (int i = 0; i < steps; i++) {
      NDArray middle = from.add(to.sub(from).div(2));
      NDArray below = function.apply(middle).stopGradient().lt(0);
      from = NDArrays.where(below, middle, from);
      to = NDArrays.where(below, to, middle);
    }
    return from.add(to.sub(from).div(2));
  }

  /**
   * The same from a guess, around which an interval is widened until it holds the root.
   *
   * @param function elementwise, increasing and onto
   */
  public static NDArray near(UnaryOperator<NDArray> function, NDArray guess) {
    NDArray start = guess.stopGradient();
    NDArray low = start.sub(1);
    NDArray high = start.add(1);
    double width = 1;
    for (int i = 0; i < DOUBLINGS; i++) {
      NDArray tooHigh = function.apply(low).stopGradient().gt(0);
      NDArray tooLow = function.apply(high).stopGradient().lt(0);
      if (start.size() == 0 || !tooHigh.any().getBoolean() && !tooLow.any().getBoolean()) {
        break;
      }
      width *= 2;
      // The end that has been passed is the other end's better start.
      NDArray lower = NDArrays.where(tooHigh, low.sub(width), NDArrays.where(tooLow, high, low));
      high = NDArrays.where(tooLow, high.add(width), NDArrays.where(tooHigh, low, high));
      low = lower;
    }
    return between(function, low, high);
  }
}
