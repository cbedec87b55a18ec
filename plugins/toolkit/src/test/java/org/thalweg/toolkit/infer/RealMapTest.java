package org.thalweg.toolkit.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Bound;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;

class RealMapTest {
  /** A problem with the columns that its density is one of. */
  record Case(String name, List<ParameterBlock> blocks, int[] free) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case one(String name, int size, Support support) {
    return new Case(
        name, List.of(new ParameterBlock("x", size, support)), IntStream.range(0, size).toArray());
  }

  static List<Case> cases() {
    var simplex = new ParameterBlock("x", 4, new Support.Simplex());
    var correlation = new ParameterBlock("x", 9, new Support.CholeskyCorrelation());
    return List.of(
        one("real", 2, Support.REAL),
        one("above", 2, new Support.Above(1.5)),
        one("below", 2, new Support.Below(-2)),
        one("interval", 2, new Support.Interval(1, 3)),
        one("ordered", 3, new Support.Ordered()),
        one("positive ordered", 3, new Support.PositiveOrdered()),
        new Case("simplex", List.of(simplex), new int[] {0, 1, 2}),
        new Case("correlation", List.of(correlation), new int[] {3, 6, 7}),
        new Case("dependent", dependent(), IntStream.range(0, 5).toArray()));
  }

  /** As of a GARCH(1, 1), and one end each way. */
  private static List<ParameterBlock> dependent() {
    return List.of(
        new ParameterBlock("mu", 1, Support.REAL),
        new ParameterBlock("alpha", 1, new Support.Interval(0, 1)),
        new ParameterBlock(
            "beta", 1, Support.Dependent.between(Bound.constant(0), Bound.line(1, -1, 1))),
        new ParameterBlock("above", 1, Support.Dependent.above(Bound.line(0, 2, 0))),
        new ParameterBlock("below", 1, Support.Dependent.below(Bound.line(-1, 0.5, 2))));
  }

  private static Matrix normal(int rows, int columns, double scale, long seed) {
    Matrix out = Matrix.zeros(rows, columns);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < out.values().length; i++) {
      out.values()[i] = scale * random.nextGaussian();
    }
    return out;
  }

  private static Engine engine(DataType type) {
    return Engines.open("cpu", new EngineOptions(1, type));
  }

  private static NDArray constant(Tape tape, Matrix rows) {
    return tape.constant(rows.values(), new Shape(rows.rows(), rows.columns()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thereAndBack(Case c) {
    RealMap map = new RealMap(c.blocks());
    assertEquals(c.free().length, map.reals());
    Matrix y = normal(50, map.reals(), 2, 7);
    RealMap.Points x = map.fromReals(y);
    RealMap.Points back = map.toReals(x.values());
    assertArrayEquals(y.values(), back.values().values(), 1e-8);
    for (int i = 0; i < 50; i++) {
      assertTrue(map.contains(x.values().row(i)));
      assertEquals(-x.logAbsDet()[i], back.logAbsDet()[i], 1e-8);
    }
  }

  /**
   * Central differences of the free numbers by the reals, and the determinant by Laplace's
   * expansion.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void theJacobianIsThatOfTheMap(Case c) {
    RealMap map = new RealMap(c.blocks());
    int d = map.reals();
    Matrix y = normal(10, d, 1, 8);
    double[] logAbsDet = map.fromReals(y).logAbsDet();
    double h = 1e-5;
    for (int row = 0; row < 10; row++) {
      double[][] jacobian = new double[d][d];
      for (int j = 0; j < d; j++) {
        double[] up = y.row(row);
        double[] down = y.row(row);
        up[j] += h;
        down[j] -= h;
        Matrix ends = map.fromReals(Matrix.of(up, down)).values();
        for (int i = 0; i < d; i++) {
          int column = c.free()[i];
          jacobian[i][j] = (ends.get(0, column) - ends.get(1, column)) / (2 * h);
        }
      }
      assertEquals(Math.log(Math.abs(determinant(jacobian))), logAbsDet[row], 1e-6);
    }
  }

  /** By Laplace's expansion along the first row. */
  private static double determinant(double[][] a) {
    if (a.length == 1) {
      return a[0][0];
    }
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double[][] minor = new double[a.length - 1][a.length - 1];
      for (int i = 1; i < a.length; i++) {
        for (int k = 0; k < a.length - 1; k++) {
          minor[i - 1][k] = a[i][k < j ? k : k + 1];
        }
      }
      sum += (j % 2 == 0 ? 1 : -1) * a[0][j] * determinant(minor);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theTapeGivesTheSame(Case c) {
    RealMap map = new RealMap(c.blocks());
    Matrix y = normal(20, map.reals(), 2, 9);
    RealMap.Points want = map.fromReals(y);
    Engine engine = engine(DataType.FLOAT64);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Mapped got = map.fromReals(constant(tape, y));
      assertArrayEquals(want.values().values(), engine.hostView(got.value()).toDoubles(), 1e-12);
      assertArrayEquals(want.logAbsDet(), engine.hostView(got.logAbsDet()).toDoubles(), 1e-10);
      Mapped back = map.toReals(constant(tape, want.values()));
      assertArrayEquals(y.values(), engine.hostView(back.value()).toDoubles(), 1e-7);
      double[] inverse = engine.hostView(back.logAbsDet()).toDoubles();
      for (int i = 0; i < inverse.length; i++) {
        assertEquals(-want.logAbsDet()[i], inverse[i], 1e-7);
      }
    }
  }

  /** The gradient of a smooth function of values and Jacobian, against central differences. */
  @ParameterizedTest
  @MethodSource("cases")
  void theTapeDifferentiates(Case c) {
    RealMap map = new RealMap(c.blocks());
    Matrix y = normal(1, map.reals(), 1, 10);
    Engine engine = engine(DataType.FLOAT64);
    double[] gradient;
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray leaf = tape.variable(constant(tape, y));
      Mapped mapped = map.fromReals(leaf);
      tape.backward(mapped.value().sin().sum().add(mapped.logAbsDet().sum()));
      gradient = engine.hostView(tape.gradient(leaf)).toDoubles();
    }
    double h = 1e-5;
    for (int j = 0; j < map.reals(); j++) {
      double[] up = y.row(0);
      double[] down = y.row(0);
      up[j] += h;
      down[j] -= h;
      RealMap.Points ends = map.fromReals(Matrix.of(up, down));
      double difference = ends.logAbsDet()[0] - ends.logAbsDet()[1];
      for (int i = 0; i < map.size(); i++) {
        difference += Math.sin(ends.values().get(0, i)) - Math.sin(ends.values().get(1, i));
      }
      assertEquals(difference / (2 * h), gradient[j], 1e-6);
    }
  }

  /** No number is infinite, none leaves its support, and no gradient is NaN. */
  @ParameterizedTest
  @MethodSource("cases")
  void farTailsStayInside(Case c) {
    RealMap map = new RealMap(c.blocks());
    // Increasing numbers with steps below the last digit are equal in single precision.
    boolean ordered = c.name().contains("ordered");
    for (double far : new double[] {-1e6, -300, -89, -40, -20, 20, 40, 89, 300, 1e6}) {
      for (int alone = -1; alone < map.reals(); alone++) {
        Matrix y = Matrix.zeros(1, map.reals());
        for (int j = 0; j < map.reals(); j++) {
          y.values()[j] = alone < 0 || alone == j ? far : 0.3;
        }
        RealMap.Points exact = map.fromReals(y);
        assertTrue(exact.values().finite(0) && Double.isFinite(exact.logAbsDet()[0]));
        assertTrue(map.contains(exact.values().row(0)), () -> c + " at " + y);
        Engine engine = engine(DataType.FLOAT32);
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray leaf = tape.variable(constant(tape, y));
          Mapped mapped = map.fromReals(leaf);
          double[] values = engine.hostView(mapped.value()).toDoubles();
          assertTrue(Matrix.of(values).finite(0));
          assertTrue(Double.isFinite(engine.hostView(mapped.logAbsDet()).toDoubles()[0]));
          assertTrue(ordered || map.contains(values), () -> c + " at " + far);
          Mapped back = map.toReals(mapped.value());
          tape.backward(mapped.value().log().sum().add(mapped.logAbsDet().sum()));
          double[] gradient = engine.hostView(tape.gradient(leaf)).toDoubles();
          // The logarithm of a negative number is no one's fault but the target's.
          boolean positive = IntStream.range(0, values.length).allMatch(i -> values[i] > 0);
          assertTrue(!positive || Matrix.of(gradient).finite(0));
          assertTrue(Matrix.of(engine.hostView(back.value()).toDoubles()).finite(0));
        }
      }
    }
  }

  /** By hand: the centre of a simplex, an LKJ factor of order 2, and a GARCH's last coefficient. */
  @Test
  void closedForms() {
    RealMap simplex = new RealMap(List.of(new ParameterBlock("x", 3, new Support.Simplex())));
    RealMap.Points centre = simplex.fromReals(Matrix.zeros(1, 2));
    double third = 1.0 / 3;
    assertArrayEquals(new double[] {third, third, third}, centre.values().row(0), 1e-15);
    // dx1/dy1 = 1/3 2/3, dx2/dy2 = 2/3 1/2 1/2; lower triangular.
    assertEquals(Math.log(2.0 / 9 / 6), centre.logAbsDet()[0], 1e-12);

    RealMap pair =
        new RealMap(List.of(new ParameterBlock("L", 4, new Support.CholeskyCorrelation())));
    RealMap.Points of = pair.fromReals(Matrix.of(new double[] {0.5}));
    double rho = Math.tanh(0.5);
    assertArrayEquals(
        new double[] {1, 0, rho, Math.sqrt(1 - rho * rho)}, of.values().row(0), 1e-15);
    assertEquals(Math.log(1 - rho * rho), of.logAbsDet()[0], 1e-12);

    RealMap garch = new RealMap(dependent().subList(0, 3));
    RealMap.Points middle = garch.fromReals(Matrix.of(new double[] {4, 0, 0}));
    assertArrayEquals(new double[] {4, 0.5, 0.25}, middle.values().row(0), 1e-15);
    assertEquals(Math.log(0.25 * 0.125), middle.logAbsDet()[0], 1e-12);
  }

  @Test
  void endsAndMistakesAreOutside() {
    RealMap garch = new RealMap(dependent());
    assertTrue(garch.contains(new double[] {0, 0.4, 0.5, 1, -2}));
    assertFalse(garch.contains(new double[] {0, 0.4, 0.6, 1, -2}));
    assertFalse(garch.contains(new double[] {0, 0.4, 0.5, 0, -2}));
    assertFalse(garch.contains(new double[] {0, Double.NaN, 0.5, 1, -2}));
    RealMap simplex = new RealMap(List.of(new ParameterBlock("x", 2, new Support.Simplex())));
    assertFalse(simplex.contains(new double[] {0.5, 0.6}));
    RealMap ordered = new RealMap(List.of(new ParameterBlock("x", 2, new Support.Ordered())));
    assertFalse(ordered.contains(new double[] {1, 1}));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    var three = new ParameterBlock("L", 3, new Support.CholeskyCorrelation());
    var refused = assertThrows(ThalwegException.class, () -> new RealMap(List.of(three)));
    assertTrue(refused.getMessage().contains("'L'"), refused.getMessage());
    var none = new ParameterBlock("x", 0, Support.REAL);
    assertThrows(ThalwegException.class, () -> new RealMap(List.of(none)));
    RealMap map = new RealMap(dependent());
    assertThrows(ThalwegException.class, () -> map.fromReals(Matrix.zeros(1, 3)));
  }
}
