package org.thalweg.toolkit.ode;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.error.ThalwegException;

/**
 * How exactly an equation is solved. The error of a step is estimated for each row, as the root of
 * the mean over its numbers of {@code (error / (absolute + relative |y|))^2}, and kept below 1.
 *
 * @param relative the error of a step, as a fraction of the state
 * @param absolute the error of a step, in the state's unit
 * @param evaluations the most evaluations of the right-hand side for one row
 */
public record OdeTolerance(double relative, double absolute, int evaluations) {
  /** Below this a right-hand side in single precision is rounding noise to the error estimate. */
  private static final double FINEST_SINGLE = 1e-6;

  private static final double FINEST_DOUBLE = 1e-13;

  /** Refuses tolerances that are not positive, and a budget below one step. */
  public OdeTolerance {
    require("relative", relative);
    require("absolute", absolute);
    if (evaluations < 8) {
      throw ThalwegException.usage(
          "A solver needs a budget of at least 8 evaluations for its first step, got %d.",
          evaluations);
    }
  }

  private static void require(String which, double value) {
    if (!(value > 0 && value < 1)) {
      throw ThalwegException.usage(
          "The %s tolerance of a solver lies between 0 and 1, got %s.", which, value);
    }
  }

  /** The same relative and absolute tolerance. */
  public static OdeTolerance of(double tolerance, int evaluations) {
    return new OdeTolerance(tolerance, tolerance, evaluations);
  }

  /**
   * This tolerance, for a right-hand side that is computed in a type.
   *
   * @throws ThalwegException where it is tighter than the type's digits: the error estimate would
   *     measure rounding, and the result would not be as exact as it says
   */
  public OdeTolerance in(DataType type) {
    double finest = finest(type);
    double tightest = Math.min(relative, absolute);
    if (tightest < finest) {
      throw ThalwegException.usage(
          "A tolerance of %s is tighter than %s resolves: its rounding would be taken for an error "
              + "of the steps. Ask for %s or more%s.",
          tightest,
          type == DataType.FLOAT64 ? "double precision" : "single precision",
          finest,
          type == DataType.FLOAT64 ? "" : ", or compute with --precision float64");
    }
    return this;
  }

  /** A tenth of this tolerance, as far as a right-hand side in a type can meet it. */
  public OdeTolerance tenth(DataType type) {
    double finest = finest(type);
    return new OdeTolerance(
        Math.max(finest, relative / 10), Math.max(finest, absolute / 10), evaluations);
  }

  private static double finest(DataType type) {
    return type == DataType.FLOAT64 ? FINEST_DOUBLE : FINEST_SINGLE;
  }
}
