package org.thalweg.sbi.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;

/** The queue and the jump process, against numbers of the original code and an own limit. */
class ThesisTasksTest {
  private static final double[] QUEUE = {1, 5, 0.2};
  private static final double[] QUEUE_OBSERVED = {
    -0.0177664656, 0.0137877126, -0.3167902686, -0.0329058723, 0.0085092211,
  };
  private static final double[] JUMP = {
    Math.log(0.01), Math.log(0.5), 0, Math.log(0.01),
  };
  private static final double[] JUMP_OBSERVED = {
    -0.2103176068,
    0.8439783104,
    0.6860185401,
    3.9992267277,
    0.7737200903,
    0.7671589639,
    3.1639444124,
    4.1979793233,
    -0.2711889106,
  };

  /** The observation of the thesis's nonlinear Gaussian, from NumPy's generator seeded with 41. */
  @Test
  void nonlinearGaussianOfTheThesis() {
    RandomState random = new RandomState(41);
    double[] u = random.normals(8);
    double rho = Math.tanh(0.6);
    double[] expected = {
      -0.97071232,
      -2.94612244,
      -0.44947218,
      -3.42318484,
      -0.13285634,
      -3.36401699,
      -0.85367595,
      -2.42716377,
    };
    for (int i = 0; i < 4; i++) {
      assertEquals(expected[2 * i], u[2 * i] - 0.7, 1e-8);
      double second = 0.81 * (rho * u[2 * i] + Math.sqrt(1 - rho * rho) * u[2 * i + 1]) - 2.9;
      assertEquals(expected[2 * i + 1], second, 1e-8);
    }
  }

  @Test
  void whiteningIsThatOfTheOriginalCode() {
    double[] raw = {1.0787935, 2.7327234, 3.7515250, 5.6183407, 21.4253670};
    assertArrayEquals(QUEUE_OBSERVED, Mg1.whiten(raw), 1e-7);
    assertArrayEquals(
        new double[] {1, 1.75, 2.5, 3.25, 4}, Mg1.quantiles(new double[] {4, 1, 3, 2}), 1e-12);
  }

  /** Levels of the notes' prototype: 0.318 under the prior, 0.0096 at the true parameters. */
  @Test
  void queueHasTheKnownDistances() {
    Simulation queue = Named.simulation("mg1", Map.of());
    Matrix prior = queue.prior().sample(4000, new Seed(1));
    for (int i = 0; i < prior.rows(); i++) {
      assertTrue(prior.get(i, 1) > prior.get(i, 0) && prior.get(i, 1) < prior.get(i, 0) + 10);
    }
    Matrix x = queue.simulator().simulate(prior, new Seed(2));
    assertEquals(0.318, medianDistance(x, QUEUE_OBSERVED), 0.03);
    assertEquals(0.0096, medianDistance(Named.repeat("mg1", 4000, QUEUE), QUEUE_OBSERVED), 0.001);
    // A queue that is never empty after its first customer: departures are services.
    double[] busy = Mg1.departures(new double[] {2, 3, 1e6}, new Seed(3));
    assertTrue(Arrays.stream(busy).allMatch(y -> y >= 2 && y < 3.1));
    // One that is always empty: departures are arrivals, of mean 1 / 0.01.
    double sum = 0;
    for (int i = 0; i < 400; i++) {
      sum += Arrays.stream(Mg1.departures(new double[] {0, 1e-3, 0.01}, new Seed(i))).sum();
    }
    assertEquals(100, sum / (400 * 50), 3.5);
  }

  @Test
  void priorOfTheQueueIsAShearedBox() {
    Simulation queue = Named.simulation("mg1", Map.of());
    double[] values =
        queue
            .prior()
            .logDensity(
                Matrix.of(
                    new double[] {9, 18, 0.1}, new double[] {1, 11.5, 0.1},
                    new double[] {5, 4, 0.1}, new double[] {5, 6, 0.4}));
    assertEquals(Math.log(0.03), values[0], 1e-12);
    for (int i = 1; i < 4; i++) {
      assertEquals(Double.NEGATIVE_INFINITY, values[i]);
    }
    Support.Dependent support = (Support.Dependent) queue.prior().parameters().get(1).support();
    assertEquals(4, support.low().orElseThrow().at(new double[] {4}));
    assertEquals(14, support.high().orElseThrow().at(new double[] {4}));
  }

  /** Levels of the notes' prototype: 12.6 % of prior draws fail, and the distances. */
  @Test
  void jumpProcessHasTheKnownLevels() {
    Simulation jump = Named.simulation("lotka-volterra-jump", Map.of());
    Matrix prior = jump.prior().sample(2000, new Seed(1));
    Matrix x = jump.simulator().simulate(prior, new Seed(2));
    assertEquals(0.126, 1 - usable(x).rows() / 2000.0, 0.03);
    assertEquals(7.43, medianDistance(usable(x), JUMP_OBSERVED), 0.2);
    Matrix atTruth = Named.repeat("lotka-volterra-jump", 1000, JUMP);
    assertEquals(0.008, 1 - usable(atTruth).rows() / 1000.0, 0.012);
    assertEquals(0.741, medianDistance(usable(atTruth), JUMP_OBSERVED), 0.08);
  }

  @Test
  void summariesAreThoseOfTheFormulas() {
    double[] x = new double[151];
    double[] y = new double[151];
    for (int i = 0; i < 151; i++) {
      x[i] = i % 2;
      y[i] = 1 - i % 2;
    }
    double[] s = LotkaVolterraJump.summaries(x, y);
    // 76 zeros and 75 ones.
    double mean = 75.0 / 151;
    double variance = 75.0 * 76 / 151 / 150;
    assertEquals(mean, s[0], 1e-12);
    assertEquals(1 - mean, s[1], 1e-12);
    assertEquals(Math.log(variance + 1), s[2], 1e-12);
    assertEquals(-mean * (1 - mean) / variance, s[4], 1e-12); // all 150 neighbours differ
    double alike = (74 * Math.pow(1 - mean, 2) + 75 * mean * mean) / variance / 150;
    assertEquals(alike, s[5], 1e-12);
    assertEquals(-1, s[8], 1e-12);
  }

  /** With many of both, the process is the solution of the differential equations. */
  @Test
  void jumpsFollowTheEquationsInLargeSystems() {
    double scale = 200;
    double[] rates = {0.01 / scale, 0.5, 1, 0.01 / scale};
    double[][] states =
        LotkaVolterraJump.states(
            Arrays.stream(rates).map(Math::log).toArray(),
            new long[] {Math.round(50 * scale), Math.round(100 * scale)},
            100_000_000,
            new Seed(4).generator());
    Ode.Field field =
        s ->
            new double[] {
              rates[0] * s[0] * s[1] - rates[1] * s[0], rates[2] * s[1] - rates[3] * s[0] * s[1],
            };
    for (int record : new int[] {10, 25, 50}) {
      double[] expected =
          Named.solve(field, new double[] {50 * scale, 100 * scale}, 0.2 * record, 10_000);
      assertEquals(1, states[0][record] / expected[0], 0.04);
      assertEquals(1, states[1][record] / expected[1], 0.04);
    }
  }

  @Test
  void extinctionStopsTheProcess() {
    double[][] states =
        LotkaVolterraJump.states(
            new double[] {-50, 2, -50, 2}, new long[] {5, 5}, 10_000, new Seed(5).generator());
    assertEquals(0, states[0][150]);
    double[][] failed =
        LotkaVolterraJump.states(
            new double[] {2, 2, 2, -5}, new long[] {50, 100}, 10_000, new Seed(5).generator());
    assertTrue(Double.isNaN(failed[0][0]) && Double.isNaN(failed[1][150]));
  }

  private static Matrix usable(Matrix rows) {
    return rows.select(
        java.util.stream.IntStream.range(0, rows.rows()).filter(rows::finite).toArray());
  }

  private static double medianDistance(Matrix rows, double[] to) {
    double[] out = new double[rows.rows()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < to.length; j++) {
        out[i] += Math.pow(rows.get(i, j) - to[j], 2);
      }
    }
    Arrays.sort(out);
    return Math.sqrt(out[out.length / 2]);
  }
}
