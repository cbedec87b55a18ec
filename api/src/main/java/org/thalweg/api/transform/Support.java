package org.thalweg.api.transform;

import java.util.Optional;
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

  /** Positive numbers with sum 1. A density over them is one of all but the last. */
  record Simplex() implements Support {}

  /** Increasing numbers. */
  record Ordered() implements Support {}

  /** Increasing positive numbers. */
  record PositiveOrdered() implements Support {}

  /**
   * Lower Cholesky factors of K x K correlation matrices, row-major: K * K numbers, zeros above the
   * diagonal among them. A density over them is one of the numbers below the diagonal.
   */
  record CholeskyCorrelation() implements Support {}

  /**
   * Numbers whose ends depend on parameters that are declared earlier, such as the last coefficient
   * of a stationary process.
   *
   * @param low the lower end; empty where there is none
   * @param high the upper end; empty where there is none
   */
  record Dependent(Optional<Bound> low, Optional<Bound> high) implements Support {
    /** Numbers between two ends; where they cross, the set is empty and the map meaningless. */
    public static Dependent between(Bound low, Bound high) {
      return new Dependent(Optional.of(low), Optional.of(high));
    }

    /** Numbers above an end. */
    public static Dependent above(Bound low) {
      return new Dependent(Optional.of(low), Optional.empty());
    }

    /** Numbers below an end. */
    public static Dependent below(Bound high) {
      return new Dependent(Optional.empty(), Optional.of(high));
    }
  }
}
