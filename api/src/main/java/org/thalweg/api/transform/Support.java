package org.thalweg.api.transform;

import java.util.function.Function;
import org.thalweg.api.error.ThalwegException;

/** The set that a number, or a block of numbers, lies in. */
public sealed interface Support {
  /** Any real number. */
  record Real() implements Support {
    @Override
    public String toString() {
      return "any number";
    }
  }

  /** The whole line. */
  Support REAL = new Real();

  /** Above {@code low}. */
  record Above(double low) implements Support {
    @Override
    public String toString() {
      return "numbers above " + low;
    }
  }

  /** Below {@code high}. */
  record Below(double high) implements Support {
    @Override
    public String toString() {
      return "numbers below " + high;
    }
  }

  /** Between two numbers. */
  record Interval(double low, double high) implements Support {
    /** Refuses an empty or infinite interval. */
    public Interval {
      if (!(low < high) || Double.isInfinite(high - low)) {
        throw ThalwegException.usage(
            "An interval needs finite ends with low < high, got low = %s and high = %s.",
            low, high);
      }
    }

    @Override
    public String toString() {
      return "numbers between " + low + " and " + high;
    }
  }

  /** Positive numbers with sum 1. */
  record Simplex() implements Support {}

  /** Increasing numbers. */
  record Ordered() implements Support {}

  /** Increasing positive numbers. */
  record PositiveOrdered() implements Support {}

  /** Cholesky factors of correlation matrices, row-major. */
  record CholeskyCorrelation() implements Support {}

  /**
   * An interval whose ends depend on parameters that are declared earlier.
   *
   * @param bounds the ends {@code {low, high}} for the values of all earlier parameters, in order
   */
  record Dependent(Function<double[], double[]> bounds) implements Support {}
}
