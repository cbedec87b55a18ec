package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
    double[] parameters = IntStream.range(0, n).asDoubleStream().toArray();
    out.plan(1, new Matrix(n, 1, parameters));
    return out;
  }

  private static SimulationConfig allowing(double failures) {
    return new SimulationConfig(60, 0, failures);
  }

  /** Simulates on one thread until it is hopeless, or so many have run. */
  private static int ran(Simulations table, double allowed, int most, boolean good) {
    int[] fresh = table.pending();
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
            () -> table.done() - before < most && !Failures.hopeless(table, fresh, config));
    return table.done() - before;
  }

  private static void await(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Some more may end before it is seen. */
  private static void between(int least, int most, int ran) {
    assertTrue(ran >= least && ran <= most, ran + " were run");
  }

  private static int[] all() {
    return IntStream.range(0, 1000).toArray();
  }

  /** A run that was stopped left one under way, behind which many had failed. */
  @Test
  void whatFailedBehindAHoleDoesNotCountEither() {
    Simulations table = planned(1000);
    Simulator failing =
        (theta, seed) -> {
          await(theta[0] == 5 ? 60_000 : 1);
          return new double[] {Double.NaN, 0};
        };
    SimulationConfig config = allowing(0.75);
    new SimulationRunner(failing, 2, config).run(table, new Seed(1), () -> table.done() < 64);
    int[] fresh = table.pending();
    assertEquals(5, fresh[0]);
    AtomicInteger calls = new AtomicInteger();
    Simulator once =
        (theta, seed) -> {
          await(calls.getAndIncrement() == 0 ? 1 : 60_000);
          return new double[] {Double.NaN, 0};
        };
    int before = table.done();
    new SimulationRunner(once, 1, config).run(table, new Seed(1), () -> table.done() == before);
    assertFalse(Failures.hopeless(table, fresh, config));
  }

  @Test
  void asManyAsBadLuckDoesNotExplain() {
    // 0.75^25 is the first power below a thousandth.
    between(24, 60, ran(planned(1000), 0.75, 100, false));
    between(1, 20, ran(planned(1000), 0, 100, false));
  }

  @Test
  void whoAllowsAllFailuresIsNotStopped() {
    between(40, 1000, ran(planned(1000), 1, 40, false));
  }

  @Test
  void whatFailedBeforeAResumeDoesNotCount() {
    Simulations table = planned(1000);
    ran(table, 0.75, 100, false);
    assertFalse(Failures.hopeless(table, table.pending(), allowing(0.75)));
    between(24, 60, ran(table, 0.75, 100, false));
  }

  @Test
  void oneThatWorkedIsHope() {
    Simulations table = planned(1000);
    ran(table, 0.75, 2, true);
    ran(table, 0.75, 40, false);
    assertFalse(Failures.hopeless(table, all(), allowing(0.75)));
  }

  /** The first to end are the failures, while every thread is at a simulation that takes longer. */
  @Test
  void failuresThatAreFasterAreNotMoreThanTheyAre() {
    Simulations table = planned(400);
    int[] fresh = table.pending();
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
            .run(table, new Seed(1), () -> !Failures.hopeless(table, fresh, config)));
  }
}
