package org.thalweg.bench.dnf;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import org.thalweg.api.data.Matrix;

/**
 * A curve in the plane with a density on it.
 *
 * @param name what it is called
 * @param low the least coordinate
 * @param high the largest that is looked at; the mass beyond is below 1e-9
 * @param point the point of a coordinate
 * @param speed the length of the curve per unit of the coordinate, the root of the Gram determinant
 * @param logLatent the log-density of the coordinate, up to a constant
 */
record Curve(
    String name,
    double low,
    double high,
    DoubleFunction<double[]> point,
    DoubleUnaryOperator speed,
    DoubleUnaryOperator logLatent) {
  private static final int CELLS = 20_000;

  /** The paper's spiral turns by so much per unit of the root of u. */
  static final double ALPHA = 4 * Math.PI / 3;

  /** The rate of u: the density is proportional to exp(-0.3 u), as the paper prints it. */
  static final double RATE = 0.3;

  private static final double CONCENTRATION = 8;

  /**
   * The thin spiral (section 5.1) over w, the root of u, in which the Gram determinant has no pole:
   * alpha^2 (1 + alpha^2 w^2) / 9, which is alpha^2 (1 + alpha^2 u) / (36 u) over u.
   */
  static Curve spiral() {
    return new Curve(
        "spiral",
        0,
        Math.sqrt(-Math.log(1e-9) / RATE),
        w ->
            new double[] {ALPHA * w / 3 * Math.cos(ALPHA * w), ALPHA * w / 3 * Math.sin(ALPHA * w)},
        w -> ALPHA / 3 * Math.sqrt(1 + ALPHA * ALPHA * w * w),
        w -> Math.log(w) - RATE * w * w);
  }

  /** A von Mises distribution of concentration 8 on the unit circle. */
  static Curve circle() {
    return new Curve(
        "circle",
        -Math.PI,
        Math.PI,
        angle -> new double[] {Math.cos(angle), Math.sin(angle)},
        angle -> 1,
        angle -> CONCENTRATION * (Math.cos(angle) - 1));
  }

  /** Coordinates in equal steps, in the middles of cells. */
  double[] grid() {
    double[] out = new double[CELLS];
    Arrays.setAll(out, i -> low + (high - low) * (i + 0.5) / CELLS);
    return out;
  }

  double cell() {
    return (high - low) / CELLS;
  }

  /** The logarithm of the normaliser of the coordinate's density, by the midpoint rule. */
  private double logNormaliser() {
    return Math.log(
        Arrays.stream(grid()).map(c -> Math.exp(logLatent.applyAsDouble(c))).sum() * cell());
  }

  /** log p of coordinates on the curve, with respect to its length. */
  double[] logDensity(double[] coordinates) {
    double normaliser = logNormaliser();
    return Arrays.stream(coordinates)
        .map(c -> logLatent.applyAsDouble(c) - normaliser - Math.log(speed.applyAsDouble(c)))
        .toArray();
  }

  /** Draws of the coordinate, by inverting its distribution function. */
  double[] draw(int count, long seed) {
    double[] grid = grid();
    double[] cumulative = new double[grid.length];
    double sum = 0;
    for (int i = 0; i < grid.length; i++) {
      sum += Math.exp(logLatent.applyAsDouble(grid[i]));
      cumulative[i] = sum;
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      double at = random.nextDouble() * sum;
      int cell = Arrays.binarySearch(cumulative, at);
      int found = Math.min(grid.length - 1, cell < 0 ? -cell - 1 : cell);
      double before = found == 0 ? 0 : cumulative[found - 1];
      double inside = (at - before) / (cumulative[found] - before);
      out[i] = low + cell() * (found + inside);
    }
    return out;
  }

  /** The points {@code [N, 2]} of coordinates. */
  Matrix points(double[] coordinates) {
    return Matrix.of(Arrays.stream(coordinates).mapToObj(point).toArray(double[][]::new));
  }
}
