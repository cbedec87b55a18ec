package org.thalweg.toolkit.ode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

class DormandPrinceTest {
  private static final VectorField DECAY = (rows, t, y, out) -> Arrays.setAll(out, i -> -y[i]);

  /** Harmonic oscillators of frequency 1 + row. */
  private static final VectorField OSCILLATORS =
      (rows, t, y, out) -> {
        for (int i = 0; i < rows.length; i++) {
          double w = 1 + rows[i];
          out[2 * i] = w * y[2 * i + 1];
          out[2 * i + 1] = -w * y[2 * i];
        }
      };

  private static DormandPrince solver(double tolerance) {
    return new DormandPrince(OdeTolerance.of(tolerance, 100_000));
  }

  /** Butcher's conditions: every tree of up to five nodes that is a bush on a stem. */
  @Test
  void theTableauHasOrderFive() {
    double[] b = Tableau.WEIGHTS[6];
    double[] c = Tableau.NODES;
    for (int p = 0; p < 5; p++) {
      double bush = 0;
      for (int i = 0; i < b.length; i++) {
        bush += b[i] * Math.pow(c[i], p);
      }
      assertEquals(1.0 / (p + 1), bush, 1e-14, "sum of b c^" + p);
    }
    for (int p = 0; p + 2 <= 4; p++) {
      for (int q = 1; p + q + 2 <= 5; q++) {
        // sum b_i c_i^p a_ij c_j^q = 1 / ((q + 1) (p + q + 2))
        double stem = 0;
        for (int i = 0; i < b.length; i++) {
          for (int j = 0; j < Tableau.WEIGHTS[i].length; j++) {
            stem += b[i] * Math.pow(c[i], p) * Tableau.WEIGHTS[i][j] * Math.pow(c[j], q);
          }
        }
        assertEquals(1.0 / ((q + 1) * (p + q + 2)), stem, 1e-14, p + ", " + q);
      }
    }
    assertEquals(0, Arrays.stream(Tableau.ERROR).sum(), 1e-15);
  }

  /** The state within a step has order 4: Butcher's conditions of the trees of up to four nodes. */
  @Test
  void theStateWithinAStepHasOrderFour() {
    double[] c = Tableau.NODES;
    for (double x : new double[] {0, 0.2, 0.5, 0.9, 1}) {
      double[] b = DenseOutput.weights(x);
      for (int p = 0; p < 4; p++) {
        double bush = 0;
        for (int i = 0; i < b.length; i++) {
          bush += b[i] * Math.pow(c[i], p);
        }
        assertEquals(Math.pow(x, p + 1) / (p + 1), bush, 1e-13, "b c^" + p + " at " + x);
      }
      for (int p = 0; p <= 1; p++) {
        for (int q = 1; p + q <= 2; q++) {
          double stem = 0;
          for (int i = 0; i < b.length; i++) {
            for (int j = 0; j < Tableau.WEIGHTS[i].length; j++) {
              stem += b[i] * Math.pow(c[i], p) * Tableau.WEIGHTS[i][j] * Math.pow(c[j], q);
            }
          }
          assertEquals(Math.pow(x, p + q + 2) / ((q + 1) * (p + q + 2)), stem, 1e-13, p + ", " + q);
        }
      }
    }
  }

  /** Lobatto's rule is exact to degree 5; the one of its first three nodes to degree 2. */
  @Test
  void theRuleOfIntegralsHasDegreeFive() {
    for (int p = 0; p <= 6; p++) {
      double sum = IntegralAlong.WEIGHTS[0] * (p == 0 ? 1 : 0);
      double off = IntegralAlong.ERROR[0] * (p == 0 ? 1 : 0);
      for (int s = 0; s < IntegralAlong.NEW; s++) {
        sum += IntegralAlong.WEIGHTS[s + 1] * Math.pow(IntegralAlong.NODES[s], p);
        off += IntegralAlong.ERROR[s + 1] * Math.pow(IntegralAlong.NODES[s], p);
      }
      assertEquals(p <= 5, Math.abs(sum - 1.0 / (p + 1)) < 1e-14, "degree " + p);
      assertEquals(p <= 2, Math.abs(off) < 1e-14, "error of degree " + p);
    }
  }

  @Test
  void decayIsExponential() {
    double[] start = {1, -3, 1e-3};
    for (double tolerance : new double[] {1e-4, 1e-6, 1e-9}) {
      double[] y = solver(tolerance).solve(DECAY, 0, 3, start, 1).y();
      for (int i = 0; i < start.length; i++) {
        assertEquals(start[i] * Math.exp(-3), y[i], 3 * tolerance, "tolerance " + tolerance);
      }
    }
  }

  /** A step costs 6 evaluations, and an error of order 5 makes steps as tolerance^(1 / 5). */
  @Test
  void theWorkGrowsAsTheFifthRootOfTheTolerance() {
    double loose = solver(1e-6).solve(OSCILLATORS, 0, 200, new double[] {1, 0}, 2).evaluations()[0];
    double tight =
        solver(1e-11).solve(OSCILLATORS, 0, 200, new double[] {1, 0}, 2).evaluations()[0];
    assertEquals(10, tight / loose, 1, loose + " evaluations, then " + tight);
  }

  @Test
  void rowsHaveStepsOfTheirOwn() {
    double[] start = {1, 0, 1, 0, 0, 2};
    DormandPrince solver = solver(1e-8);
    DormandPrince.Solution all = solver.solve(OSCILLATORS, 0, 5, start, 2);
    for (int row = 0; row < 3; row++) {
      double w = 1 + row;
      double a = start[2 * row];
      double b = start[2 * row + 1];
      assertEquals(a * Math.cos(5 * w) + b * Math.sin(5 * w), all.y()[2 * row], 1e-6);
      assertEquals(b * Math.cos(5 * w) - a * Math.sin(5 * w), all.y()[2 * row + 1], 1e-6);
    }
    assertTrue(all.evaluations()[2] > 2 * all.evaluations()[0], Arrays.toString(all.evaluations()));
    DormandPrince.Solution alone = solver.solve(OSCILLATORS, 0, 5, Arrays.copyOf(start, 2), 2);
    assertEquals(alone.evaluations()[0], all.evaluations()[0]);
    assertArrayEquals(alone.y(), Arrays.copyOf(all.y(), 2), "company changes nothing");
  }

  @Test
  void thereAndBackIsTheStart() {
    double[] start = {0.3, -1.2, 2, 0.1};
    DormandPrince solver = solver(1e-9);
    double[] there = solver.solve(OSCILLATORS, 1, 4, start, 2).y();
    double[] back = solver.solve(OSCILLATORS, 4, 1, there, 2).y();
    assertArrayEquals(start, back, 1e-7);
  }

  /** y' = 2 t y has y = exp(t^2): the nodes of the stages matter. */
  @Test
  void theTimeIsTheStages() {
    VectorField field = (rows, t, y, out) -> Arrays.setAll(out, i -> 2 * t[i] * y[i]);
    double[] y = solver(1e-10).solve(field, 0, 1.5, new double[] {1, 2}, 1).y();
    assertArrayEquals(new double[] {Math.exp(2.25), 2 * Math.exp(2.25)}, y, 1e-7);
  }

  @Test
  void nothingIsSolvedAtOnce() {
    assertEquals(0, solver(1e-5).solve(DECAY, 0, 1, new double[0], 1).y().length);
    assertArrayEquals(new double[] {2}, solver(1e-5).solve(DECAY, 1, 1, new double[] {2}, 1).y());
  }

  @Test
  void aBudgetEndsInARefusal() {
    DormandPrince poor = new DormandPrince(OdeTolerance.of(1e-9, 50));
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () -> poor.solve(OSCILLATORS, 0, 100, new double[] {1, 0, 1, 0}, 2));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains("evaluations, the most allowed"));
    assertTrue(refusal.getMessage().contains("2 of 2 rows"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("Loosen the tolerance (1.0E-9)"));
    assertTrue(refusal.getMessage().contains("allow more evaluations (50)"));
  }

  /** y' = y^2 from 1 runs to infinity at t = 1. */
  @Test
  void aPoleEndsInARefusal() {
    VectorField field = (rows, t, y, out) -> Arrays.setAll(out, i -> y[i] * y[i]);
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class, () -> solver(1e-6).solve(field, 0, 2, new double[] {1}, 1));
    assertTrue(refusal.getMessage().contains("row 1"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("from 0.0 to 2.0"), refusal.getMessage());
  }

  @Test
  void tolerancesThatTheTypeCannotHoldAreRefused() {
    OdeTolerance tight = OdeTolerance.of(1e-8, 1000);
    assertEquals(tight, tight.in(DataType.FLOAT64));
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> tight.in(DataType.FLOAT32));
    assertTrue(refusal.getMessage().contains("1.0E-8"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("--precision float64"), refusal.getMessage());
    assertThrows(ThalwegException.class, () -> OdeTolerance.of(0, 1000));
    assertThrows(ThalwegException.class, () -> OdeTolerance.of(Double.NaN, 1000));
    assertThrows(ThalwegException.class, () -> OdeTolerance.of(1e-5, 7));
  }

  /**
   * Numbers along oscillators: the state's square, of which the integral is known, and the time.
   */
  private static final Integrand SQUARE_AND_TIME =
      new Integrand() {
        @Override
        public int size() {
          return 2;
        }

        @Override
        public void evaluate(int[] rows, double[] t, double[] y, double[] out) {
          for (int i = 0; i < rows.length; i++) {
            out[2 * i] = y[2 * i] * y[2 * i];
            out[2 * i + 1] = t[i];
          }
        }
      };

  @Test
  void integralsKeepTheToleranceToo() {
    double[] start = {1, 0, 1, 0};
    for (double tolerance : new double[] {1e-5, 1e-7, 1e-9}) {
      DormandPrince.Solution solution =
          solver(tolerance).solve(OSCILLATORS, 1, 6, start, 2, SQUARE_AND_TIME);
      for (int row = 0; row < 2; row++) {
        double w = 1 + row;
        // The integral of cos^2(w s) from 0 to 5.
        double expected = 2.5 + Math.sin(10 * w) / (4 * w);
        assertEquals(expected, solution.integrals()[2 * row], 60 * tolerance, "row " + row);
        assertEquals(17.5, solution.integrals()[2 * row + 1], 1e-9, "of the time");
      }
    }
    double[] back = solver(1e-9).solve(OSCILLATORS, 6, 1, start, 2, SQUARE_AND_TIME).integrals();
    assertEquals(-17.5, back[1], 1e-9, "backwards");
  }

  /** An integral is what one more number of the state would be. */
  @Test
  void anIntegralIsANumberOfTheState() {
    VectorField whole =
        (rows, t, y, out) -> {
          for (int i = 0; i < rows.length; i++) {
            out[3 * i] = y[3 * i + 1];
            out[3 * i + 1] = -y[3 * i];
            out[3 * i + 2] = y[3 * i] * y[3 * i];
          }
        };
    double state = solver(1e-9).solve(whole, 0, 4, new double[] {1, 0, 0}, 3).y()[2];
    double[] integrals =
        solver(1e-9).solve(OSCILLATORS, 0, 4, new double[] {1, 0}, 2, SQUARE_AND_TIME).integrals();
    assertEquals(state, integrals[0], 1e-7);
  }

  private static Integrand ofTime(DoubleUnaryOperator g) {
    return new Integrand() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public void evaluate(int[] rows, double[] t, double[] y, double[] out) {
        Arrays.setAll(out, i -> g.applyAsDouble(t[i]));
      }
    };
  }

  private static double alone(double tolerance, DoubleUnaryOperator g) {
    VectorField still = (rows, t, y, out) -> Arrays.fill(out, 0);
    return solver(tolerance).solve(still, 0, 3, new double[] {1}, 1, ofTime(g)).integrals()[0];
  }

  /** A state that stands still says nothing about steps: the integrand alone sets them. */
  @Test
  void theIntegrandChoosesStepsWhereTheStateDoesNot() {
    double wave = alone(1e-7, t -> 1 + Math.cos(40 * t));
    assertEquals(3 + Math.sin(120) / 40, wave, 1e-5);
  }

  /** Even about the middle of the way, where the difference of the rules is 0 by chance. */
  @Test
  void anEvenIntegrandIsNotTakenForAnEasyOne() {
    double sum = alone(1e-7, t -> Math.cos(20 * (t - 1.5)));
    assertEquals(2 * Math.sin(30) / 20, sum, 1e-5);
  }

  @Test
  void whatIsNotFiniteAtTheStartIsRefusedAtOnce() {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> alone(1e-5, t -> Double.NaN));
    assertTrue(refusal.getMessage().contains("not finite"), refusal.getMessage());
  }
}
