package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;

/** When a simulator is given up before all that was planned has run. */
class HopelessTest {
  private static final double[] GOOD = {1, 1};

  private static Simulations planned(int n) {
    Simulations out = new Simulations(1, 2);
    out.plan(1, Matrix.zeros(n, 1));
    return out;
  }

  private static SimulationConfig allowing(double failures) {
    return new SimulationConfig(60, 0, failures);
  }

  /** Simulates on one thread until it is hopeless, or so many have run. */
  private static int ran(Simulations table, int first, double allowed, int most, boolean good) {
    SimulationConfig config = allowing(allowed);
    Simulator simulator = (theta, seed) -> good ? GOOD : new double[] {Double.NaN, 0};
    int before = table.done();
    int[] calls = new int[1];
    Simulator slow =
        (theta, seed) -> {
          calls[0]++;
          await(25);
          return simulator.simulate(theta, seed);
        };
    new SimulationRunner(slow, 1, config)
        .run(
            table,
            new Seed(1),
            () -> table.done() - before < most && !Failures.hopeless(table, first, config));
    return table.done() - before;
  }

  private static void await(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void asManyAsBadLuckDoesNotExplain() {
    // 0.75^24 is the first power below a thousandth; one or two more may end before it is seen.
    assertEquals(25, ran(planned(1000), 0, 0.75, 100, false), 2);
    assertEquals(2, ran(planned(1000), 0, 0, 100, false), 2);
  }

  @Test
  void whoAllowsAllFailuresIsNotStopped() {
    assertEquals(41, ran(planned(1000), 0, 1, 40, false), 2);
  }

  @Test
  void whatFailedBeforeAResumeDoesNotCount() {
    Simulations table = planned(1000);
    ran(table, 0, 0.75, 100, false);
    int first = table.pending()[0];
    assertFalse(Failures.hopeless(table, first, allowing(0.75)));
    assertEquals(25, ran(table, first, 0.75, 100, false), 2);
  }

  @Test
  void oneThatWorkedIsHope() {
    Simulations table = planned(1000);
    ran(table, 0, 0.75, 2, true);
    ran(table, table.pending()[0], 0.75, 40, false);
    assertFalse(Failures.hopeless(table, 0, allowing(0.75)));
  }

  /** The first to end are the failures, while every thread is at a simulation that takes longer. */
  @Test
  void failuresThatAreFasterAreNotMoreThanTheyAre() {
    Simulations table = planned(400);
    SimulationConfig config = allowing(0.75);
    Simulator half =
        (theta, seed) -> {
          if (seed.generator().nextDouble() < 0.6) {
            throw new IllegalStateException("out of its domain");
          }
          await(250);
          return GOOD;
        };
    assertTrue(
        new SimulationRunner(half, 64, config)
            .run(table, new Seed(1), () -> !Failures.hopeless(table, 0, config)));
  }
}
