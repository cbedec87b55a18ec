package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Parameter;
import org.thalweg.tck.BuiltTransform.Direction;
import org.thalweg.tck.BuiltTransform.Values;

/**
 * What every transform does, without and with a context. Its parameters are random, so that nothing
 * is true because a transform starts as the identity. Numbers are compared in double precision;
 * what must be finite is tried in single precision.
 */
public abstract non-sealed class TransformContract extends PluginContract {
  private static final int ROWS = 12;

  /** For subclasses. */
  protected TransformContract() {}

  /** D, the number of dimensions of an event. */
  protected int dimensions() {
    return 4;
  }

  /** How exact the inverse is, relative to the larger of 1 and the argument. */
  protected double inverseTolerance() {
    return 1e-7;
  }

  /** A transform and the size of its context, 0 for none. */
  record Case(Choice subject, int contextSize) {
    @Override
    public String toString() {
      return subject.name() + subject.options() + (contextSize > 0 ? " with context" : "");
    }
  }

  Stream<Case> cases() {
    return subjects().flatMap(subject -> Stream.of(new Case(subject, 0), new Case(subject, 2)));
  }

  private BuiltTransform build(Case c, DataType type) {
    return BuiltTransform.of(engine(type), registry(), c.subject(), dimensions(), c.contextSize());
  }

  private double[] rows(long seed, int count) {
    return Numbers.normal(seed, count * dimensions(), 1.5);
  }

  /** Rows that a direction takes. */
  private double[] rows(BuiltTransform transform, Direction direction, long seed, int count) {
    return Inside.of(transform.taken(direction), rows(seed, count));
  }

  private static double[] contexts(Case c, int count) {
    return Numbers.normal(99, count * c.contextSize(), 1);
  }

  private static double[] repeat(double[] row, int times) {
    return IntStream.range(0, times).boxed().flatMapToDouble(i -> Arrays.stream(row)).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachDirectionUndoesTheOther(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT64);
    if (!transform.has(Direction.FORWARD) || !transform.has(Direction.INVERSE)) {
      return;
    }
    double[] context = contexts(c, ROWS);
    for (Direction direction : Direction.values()) {
      double[] x = rows(transform, direction, 1, ROWS);
      Values there = transform.map(direction, x, context, ROWS);
      Values back = transform.map(direction.other(), there.value(), context, ROWS);
      Numbers.assertClose(x, back.value(), inverseTolerance(), "after " + direction);
      double[] minus = Arrays.stream(there.logAbsDet()).map(v -> -v).toArray();
      Numbers.assertClose(
          minus, back.logAbsDet(), 100 * inverseTolerance(), "log |det| after " + direction);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logAbsDetIsThatOfTheNumericalJacobian(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT64);
    double[] context = contexts(c, 1);
    for (Direction direction : Direction.values()) {
      if (!transform.has(direction)) {
        continue;
      }
      for (long seed = 10; seed < 15; seed++) {
        double[] x = rows(transform, direction, seed, 1);
        double expected = numericalLogAbsDet(transform, direction, x, context);
        double actual = transform.map(direction, x, context, 1).logAbsDet()[0];
        assertEquals(expected, actual, 1e-5 * Math.max(1, Math.abs(expected)), direction.name());
      }
    }
  }

  private double numericalLogAbsDet(
      BuiltTransform transform, Direction direction, double[] x, double[] context) {
    int d = dimensions();
    double step = 1e-6;
    double[] points = new double[2 * d * d];
    for (int j = 0; j < d; j++) {
      System.arraycopy(x, 0, points, 2 * j * d, d);
      System.arraycopy(x, 0, points, (2 * j + 1) * d, d);
      points[2 * j * d + j] += step;
      points[(2 * j + 1) * d + j] -= step;
    }
    double[] y = transform.map(direction, points, context, 1).value();
    double[][] jacobian = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        jacobian[i][j] = (y[2 * j * d + i] - y[(2 * j + 1) * d + i]) / (2 * step);
      }
    }
    return Numbers.logAbsDet(jacobian);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyParameterHasAGradientAndItIsRight(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT64);
    Direction direction = transform.has(Direction.FORWARD) ? Direction.FORWARD : Direction.INVERSE;
    double[] x = rows(transform, direction, 2, ROWS);
    double[] context = contexts(c, ROWS);
    double[] weights = Numbers.normal(3, ROWS * (dimensions() + 1), 1);
    double[][] gradients = transform.gradients(direction, x, context, ROWS, weights);
    SplittableRandom random = new SplittableRandom(4);
    for (int k = 0; k < gradients.length; k++) {
      Parameter parameter = transform.store().trainable().get(k);
      double[] gradient = gradients[k];
      assertTrue(
          Arrays.stream(gradient).anyMatch(g -> g != 0), () -> parameter + " has no gradient");
      for (int trial = 0; trial < 3; trial++) {
        int i = random.nextInt(gradient.length);
        double expected =
            transform.differenceOfLoss(direction, x, context, ROWS, weights, parameter, i, 1e-6);
        assertEquals(
            expected, gradient[i], 1e-4 * Math.max(1, Math.abs(expected)), parameter + " " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void farTailsAreFinite(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT32);
    int d = dimensions();
    double[] x = new double[(2 * d + 2) * d];
    for (int j = 0; j < d; j++) {
      x[2 * j * d + j] = 1e6;
      x[(2 * j + 1) * d + j] = -1e6;
    }
    Arrays.fill(x, 2 * d * d, (2 * d + 1) * d, 1e6);
    Arrays.fill(x, (2 * d + 1) * d, (2 * d + 2) * d, -1e6);
    int rows = 2 * d + 2;
    double[] context = contexts(c, rows);
    double[] weights = Numbers.normal(5, rows * (d + 1), 1);
    for (Direction direction : Direction.values()) {
      if (transform.has(direction)) {
        double[] far = Inside.of(transform.taken(direction), x);
        Values values = transform.map(direction, far, context, rows);
        Numbers.assertFinite(values.value(), direction + " at 1e6");
        Numbers.assertFinite(values.logAbsDet(), "log |det|, " + direction + " at 1e6");
        double[][] gradients = transform.gradients(direction, far, context, rows, weights);
        Numbers.assertFinite(Numbers.concat(gradients), "gradients, " + direction + " at 1e6");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsDoNotDependOnTheirNeighbours(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT64);
    int d = dimensions();
    double[] context = contexts(c, ROWS);
    for (Direction direction : Direction.values()) {
      if (!transform.has(direction)) {
        continue;
      }
      double[] x = rows(transform, direction, 6, ROWS);
      Values all = transform.map(direction, x, context, ROWS);
      for (int row : new int[] {0, 5, ROWS - 1}) {
        int size = c.contextSize();
        Values alone =
            transform.map(
                direction,
                Arrays.copyOfRange(x, row * d, (row + 1) * d),
                Arrays.copyOfRange(context, row * size, (row + 1) * size),
                1);
        double[] expected = Arrays.copyOfRange(all.value(), row * d, (row + 1) * d);
        Numbers.assertClose(expected, alone.value(), 1e-10, direction + " of row " + row);
        assertEquals(all.logAbsDet()[row], alone.logAbsDet()[0], 1e-10, "log |det| of " + row);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anEmptyBatchStaysEmpty(Case c) {
    BuiltTransform transform = build(c, DataType.FLOAT32);
    for (Direction direction : Direction.values()) {
      if (transform.has(direction)) {
        assertEquals(0, transform.map(direction, new double[0], new double[0], 0).value().length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aContextServesSeveralRows(Case c) {
    if (c.contextSize() == 0) {
      return;
    }
    BuiltTransform transform = build(c, DataType.FLOAT64);
    int contexts = 3;
    int each = ROWS / contexts;
    double[] rows = contexts(c, contexts);
    double[] one =
        IntStream.range(0, contexts)
            .boxed()
            .flatMapToDouble(
                i ->
                    Arrays.stream(
                        repeat(
                            Arrays.copyOfRange(
                                rows, i * c.contextSize(), (i + 1) * c.contextSize()),
                            each)))
            .toArray();
    for (Direction direction : Direction.values()) {
      if (transform.has(direction)) {
        double[] x = rows(transform, direction, 7, ROWS);
        Values repeated = transform.map(direction, x, one, ROWS);
        Values shared = transform.map(direction, x, rows, contexts);
        Numbers.assertClose(repeated.value(), shared.value(), 1e-10, direction.name());
        Numbers.assertClose(repeated.logAbsDet(), shared.logAbsDet(), 1e-10, direction.name());
      }
    }
  }
}
