package org.thalweg.api.inference;

import java.util.function.Function;

/** The set that a parameter, or a block of parameters, lies in. */
public sealed interface Support {
  /** Any real number. */
  record Real() implements Support {}

  /** Above {@code low}. */
  record Above(double low) implements Support {}

  /** Below {@code high}. */
  record Below(double high) implements Support {}

  /** Between two numbers. */
  record Interval(double low, double high) implements Support {}

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
