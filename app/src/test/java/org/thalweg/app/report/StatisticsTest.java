package org.thalweg.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;

class StatisticsTest {
  private static final int ROWS = 20_000;

  @Test
  void momentsKeepTheirDigitsFarFromZero() {
    Moments moments = Moments.of(new double[] {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
    assertEquals(1e9 + 10, moments.mean());
    assertEquals(Math.sqrt(30), moments.standardDeviation(), 1e-12);
    assertTrue(Double.isNaN(Moments.of(new double[] {3}).standardDeviation()));
  }

  /** Of (x, y, 0.6 x + 0.8 w, y sign) only the third correlates, and the fourth by its square. */
  @Test
  void thePairThatDependsMostIsFound() {
    SplittableRandom random = new SplittableRandom(1);
    Matrix rows = Matrix.zeros(ROWS, 4);
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      double sign = random.nextBoolean() ? 1 : -1;
      double[] row = {x, y, 0.6 * x + 0.8 * random.nextGaussian(), y * sign};
      System.arraycopy(row, 0, rows.values(), 4 * i, 4);
    }
    Dependence values = Dependence.ofValues(rows);
    assertEquals(List.of(0, 2), List.of(values.first(), values.second()));
    assertEquals(0.6, values.correlation(), 0.02);
    Dependence squares = Dependence.ofSquares(rows);
    assertEquals(List.of(1, 3), List.of(squares.first(), squares.second()));
    assertEquals(1, squares.correlation(), 1e-9);
  }

  @Test
  void constantColumnsDependOnNothing() {
    assertEquals(0, Dependence.ofValues(Matrix.zeros(5, 2)).correlation());
  }

  /** The sample of one point has the kernel itself for a density; any integrates to 1. */
  @Test
  void theSmoothedDensityIntegratesToOne() {
    SplittableRandom random = new SplittableRandom(2);
    Matrix sample = Matrix.zeros(200, 2);
    for (int i = 0; i < 200; i++) {
      sample.values()[2 * i] = 5 + 2 * random.nextGaussian();
      sample.values()[2 * i + 1] = 0.1 * random.nextGaussian();
    }
    KernelDensity density = new KernelDensity(sample);
    int side = 300;
    Matrix grid = Matrix.zeros(side * side, 2);
    for (int i = 0; i < side * side; i++) {
      grid.values()[2 * i] = -10 + 30.0 * (i % side + 0.5) / side;
      grid.values()[2 * i + 1] = -0.75 + 1.5 * (i / side + 0.5) / side;
    }
    double sum = Arrays.stream(density.logDensity(grid)).map(Math::exp).sum();
    assertEquals(1, sum * (30.0 / side) * (1.5 / side), 1e-4);
  }

  @Test
  void verdictsAllowForTheNumberOfTests() {
    Moments any = new Moments(0, 1);
    Marginal marginal = new Marginal("a", 0, any, any, new KolmogorovSmirnov(0.1, 0.01));
    assertEquals("they may differ", marginal.verdict(1));
    assertEquals(Marginal.SAME, marginal.verdict(10));
    Marginal clear = new Marginal("b", 1, any, any, new KolmogorovSmirnov(0.3, 1e-9));
    assertEquals("they differ", clear.verdict(10));
    assertEquals(
        "1 of 2 differ or may differ; the largest difference is 30.0 %, in b",
        Marginal.summary(
            List.of(new Marginal("a", 0, any, any, new KolmogorovSmirnov(0.1, 0.9)), clear)));
  }

  @Test
  void numbersAreShort() {
    assertEquals("0", Figures.number(-0.0));
    assertEquals("-1.417", Figures.number(-1.41690001));
    assertEquals("123500", Figures.number(123456.7));
    assertEquals("0.00001", Figures.number(1e-5));
    assertEquals("1.235E+9", Figures.number(1234567890));
    assertEquals("-", Figures.number(Double.NaN));
    assertEquals("below 0.0001", Figures.probability(3e-9));
  }
}
