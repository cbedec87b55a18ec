package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Kind;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.config.Parts;

/**
 * What every univariate family does. Numbers are compared in double precision; what must be finite
 * is tried in single precision as well.
 */
public abstract non-sealed class UnivariateContract extends PluginContract {
  private static final int ROWS = 40;
  private static final int COLUMNS = 3;
  private static final int SIZE = ROWS * COLUMNS;

  /** For subclasses. */
  protected UnivariateContract() {}

  /** How exact the inverse is, relative to the larger of 1 and the argument. */
  protected double inverseTolerance() {
    return 1e-8;
  }

  /** How close to the identity the family comes at its {@link Univariate#identity} parameters. */
  protected double identityTolerance() {
    return 1e-6;
  }

  /** Arguments where a family may change its formula; for families on the whole line. */
  protected double[] edges() {
    return new double[] {0, 0.5, 1, 2, 3, 4, 5, 10, 1e3, 1e6};
  }

  private enum Direction {
    FORWARD,
    INVERSE;

    Elementwise map(Univariate family, Tape tape, NDArray argument, NDArray parameters) {
      return this == FORWARD
          ? family.forward(tape, argument, parameters)
          : family.inverse(tape, argument, parameters);
    }

    boolean exists(Univariate family) {
      return (this == FORWARD ? family.forwardCost() : family.inverseCost()) != Cost.NONE;
    }
  }

  private record Mapped(double[] value, double[] logDerivative) {}

  private Univariate family(Choice subject) {
    return Parts.univariate(registry(), subject);
  }

  private Mapped map(
      Univariate family, Direction direction, double[] x, double[] parameters, DataType type) {
    Engine engine = engine(type);
    int rows = x.length / COLUMNS;
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Elementwise mapped =
          direction.map(family, tape, argument(tape, x), raw(tape, parameters, rows));
      assertEquals(new Shape(rows, COLUMNS), mapped.value().getShape(), "value");
      assertEquals(new Shape(rows, COLUMNS), mapped.logDerivative().getShape(), "log-derivative");
      return new Mapped(
          Numbers.of(engine, mapped.value()), Numbers.of(engine, mapped.logDerivative()));
    }
  }

  private Mapped map(Univariate family, Direction direction, double[] x, double[] parameters) {
    return map(family, direction, x, parameters, DataType.FLOAT64);
  }

  private static NDArray argument(Tape tape, double[] x) {
    return tape.constant(x, new Shape(x.length / COLUMNS, COLUMNS));
  }

  private static NDArray raw(Tape tape, double[] parameters, int rows) {
    int count = rows == 0 ? 1 : parameters.length / (rows * COLUMNS);
    return tape.constant(parameters, new Shape(rows, COLUMNS, count));
  }

  /** Arguments inside the family's domain, spread over some units around 0. */
  private static double[] arguments(Univariate family, long seed, int size) {
    double[] normal = Numbers.normal(seed, size, 2);
    return Arrays.stream(normal).map(z -> inside(family.domain(), z)).toArray();
  }

  private static double inside(Kind domain, double z) {
    double fraction = 1 / (1 + Math.exp(-z));
    if (domain instanceof Kind.Bounded bounds) {
      return bounds.low() + (bounds.high() - bounds.low()) * fraction;
    }
    return domain instanceof Kind.Angle ? Math.PI * (2 * fraction - 1) : z;
  }

  private static double[] parameters(Univariate family, long seed, int size, double scale) {
    return Numbers.normal(seed, size * family.parameterCount(), scale);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void inverseUndoesForward(Choice subject) {
    Univariate family = family(subject);
    double[] x = arguments(family, 1, SIZE);
    double[] parameters = parameters(family, 2, SIZE, 1);
    Mapped there = map(family, Direction.FORWARD, x, parameters);
    Mapped back = map(family, Direction.INVERSE, there.value(), parameters);
    Numbers.assertClose(x, back.value(), inverseTolerance(), "inverse(forward(x))");
    double[] minus = Arrays.stream(there.logDerivative()).map(v -> -v).toArray();
    // The inverse's error in the argument times the log-derivative's slope.
    Numbers.assertClose(
        minus, back.logDerivative(), 100 * inverseTolerance(), "log-derivative of the inverse");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theLogDerivativeIsThatOfACentralDifference(Choice subject) {
    Univariate family = family(subject);
    double[] x = arguments(family, 3, SIZE);
    double[] parameters = parameters(family, 4, SIZE, 1);
    double step = 1e-6;
    double[] up = map(family, Direction.FORWARD, shifted(x, step), parameters).value();
    double[] down = map(family, Direction.FORWARD, shifted(x, -step), parameters).value();
    double[] expected = new double[SIZE];
    Arrays.setAll(expected, i -> Math.log((up[i] - down[i]) / (2 * step)));
    Numbers.assertClose(
        expected, map(family, Direction.FORWARD, x, parameters).logDerivative(), 1e-5, "forward");
  }

  private static double[] shifted(double[] x, double step) {
    return Arrays.stream(x).map(v -> v + step).toArray();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void forwardIncreases(Choice subject) {
    Univariate family = family(subject);
    double[] one = parameters(family, 5, 1, 1);
    double[] sorted =
        IntStream.rangeClosed(-1000, 1000)
            .mapToDouble(i -> inside(family.domain(), i / 100.0))
            .toArray();
    double[] x = Arrays.copyOf(sorted, sorted.length / COLUMNS * COLUMNS);
    double[] y = map(family, Direction.FORWARD, x, repeated(one, x.length)).value();
    for (int i = 1; i < y.length; i++) {
      int at = i;
      assertTrue(y[i] > y[i - 1], () -> "f(" + x[at] + ") is not above f(" + x[at - 1] + ")");
    }
  }

  private static double[] repeated(double[] one, int times) {
    return IntStream.range(0, times).boxed().flatMapToDouble(i -> Arrays.stream(one)).toArray();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void identityParametersGiveTheIdentity(Choice subject) {
    Univariate family = family(subject);
    double[] identity = family.identity();
    assertEquals(family.parameterCount(), identity.length);
    double[] x = arguments(family, 6, SIZE);
    Mapped mapped = map(family, Direction.FORWARD, x, repeated(identity, SIZE));
    Numbers.assertClose(x, mapped.value(), identityTolerance(), "value");
    Numbers.assertClose(new double[SIZE], mapped.logDerivative(), identityTolerance(), "slope");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everyElementHasItsOwnMap(Choice subject) {
    Univariate family = family(subject);
    double[] x = arguments(family, 7, SIZE);
    double[] parameters = parameters(family, 8, SIZE, 1);
    for (Direction direction : Direction.values()) {
      if (!direction.exists(family)) {
        continue;
      }
      Mapped all = map(family, direction, x, parameters);
      for (int row : new int[] {0, 17, ROWS - 1}) {
        int from = row * COLUMNS;
        int p = family.parameterCount();
        Mapped alone =
            map(
                family,
                direction,
                Arrays.copyOfRange(x, from, from + COLUMNS),
                Arrays.copyOfRange(parameters, from * p, (from + COLUMNS) * p));
        double[] expected = Arrays.copyOfRange(all.value(), from, from + COLUMNS);
        Numbers.assertClose(expected, alone.value(), 1e-12, direction + " of row " + row);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void anEmptyBatchStaysEmpty(Choice subject) {
    Univariate family = family(subject);
    try (Tape tape = engine(DataType.FLOAT32).newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[0], new Shape(0, COLUMNS));
      NDArray raw = tape.constant(new double[0], new Shape(0, COLUMNS, family.parameterCount()));
      for (Direction direction : Direction.values()) {
        if (direction.exists(family)) {
          Elementwise mapped = direction.map(family, tape, x, raw);
          assertEquals(new Shape(0, COLUMNS), mapped.value().getShape());
          assertEquals(new Shape(0, COLUMNS), mapped.logDerivative().getShape());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void gradientsAreThoseOfCentralDifferences(Choice subject) {
    Univariate family = family(subject);
    int size = 5 * COLUMNS;
    double[] x = arguments(family, 9, size);
    double[] parameters = parameters(family, 10, size, 1);
    double[] weights = Numbers.normal(11, 2 * size, 1);
    for (Direction direction : Direction.values()) {
      if (!direction.exists(family)) {
        continue;
      }
      double[][] exact = gradients(family, direction, x, parameters, weights, DataType.FLOAT64);
      double[] ofArgument = numerical(v -> loss(family, direction, v, parameters, weights), x);
      double[] ofParameters = numerical(v -> loss(family, direction, x, v, weights), parameters);
      Numbers.assertClose(ofArgument, exact[0], 1e-4, direction + " by argument");
      Numbers.assertClose(ofParameters, exact[1], 1e-4, direction + " by parameters");
    }
  }

  private static double[] numerical(
      java.util.function.ToDoubleFunction<double[]> loss, double[] at) {
    return IntStream.range(0, at.length)
        .mapToDouble(i -> Numbers.difference(loss, at, i, 1e-6))
        .toArray();
  }

  private double loss(
      Univariate family, Direction direction, double[] x, double[] parameters, double[] weights) {
    Mapped mapped = map(family, direction, x, parameters);
    return Numbers.dot(weights, Numbers.concat(mapped.value(), mapped.logDerivative()));
  }

  /** Of the weighted sum of values and log-derivatives, by argument and by parameters. */
  private double[][] gradients(
      Univariate family,
      Direction direction,
      double[] x,
      double[] parameters,
      double[] weights,
      DataType type) {
    Engine engine = engine(type);
    int rows = x.length / COLUMNS;
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray argument = tape.variable(argument(tape, x));
      NDArray raw = tape.variable(raw(tape, parameters, rows));
      Elementwise mapped = direction.map(family, tape, argument, raw);
      NDArray u = argument(tape, Arrays.copyOfRange(weights, 0, x.length));
      NDArray v = argument(tape, Arrays.copyOfRange(weights, x.length, 2 * x.length));
      tape.backward(mapped.value().mul(u).sum().add(mapped.logDerivative().mul(v).sum()));
      return new double[][] {
        Numbers.of(engine, tape.gradient(argument)), Numbers.of(engine, tape.gradient(raw))
      };
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void everyParameterMatters(Choice subject) {
    Univariate family = family(subject);
    int p = family.parameterCount();
    double[] x = arguments(family, 12, SIZE);
    double[] parameters = parameters(family, 13, SIZE, 1);
    double[] weights = Numbers.normal(14, 2 * SIZE, 1);
    double[] gradient =
        gradients(family, Direction.FORWARD, x, parameters, weights, DataType.FLOAT64)[1];
    for (int k = 0; k < p; k++) {
      int parameter = k;
      boolean matters = IntStream.range(0, SIZE).anyMatch(i -> gradient[i * p + parameter] != 0);
      assertTrue(matters, () -> "Parameter " + parameter + " of " + p + " has no influence");
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void edgesAndFarTailsAreFinite(Choice subject) {
    Univariate family = family(subject);
    double[] points =
        family.domain() instanceof Kind.Real
            ? DoubleStream.concat(
                    Arrays.stream(edges()).flatMap(UnivariateContract::around),
                    Arrays.stream(edges()).map(e -> -e).flatMap(UnivariateContract::around))
                .toArray()
            : IntStream.rangeClosed(-20, 20).mapToDouble(i -> inside(family.domain(), i)).toArray();
    double[] x = Arrays.copyOf(points, points.length / COLUMNS * COLUMNS);
    double[] weights = Numbers.normal(15, 2 * x.length, 1);
    for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
      for (double scale : new double[] {0, 1, 10}) {
        double[] parameters = parameters(family, 16, x.length, scale);
        for (Direction direction : Direction.values()) {
          if (!direction.exists(family)) {
            continue;
          }
          String what = "%s in %s, parameters of scale %s".formatted(direction, type, scale);
          Mapped mapped = map(family, direction, x, parameters, type);
          Numbers.assertFinite(mapped.value(), what);
          Numbers.assertFinite(mapped.logDerivative(), "log-derivative, " + what);
          double[][] gradients = gradients(family, direction, x, parameters, weights, type);
          Numbers.assertFinite(gradients[0], "gradient by argument, " + what);
          Numbers.assertFinite(gradients[1], "gradient by parameters, " + what);
        }
      }
    }
  }

  /** A number and its neighbours in single precision. */
  private static DoubleStream around(double x) {
    float f = (float) x;
    return DoubleStream.of(x, Math.nextUp(f), Math.nextDown(f));
  }
}
