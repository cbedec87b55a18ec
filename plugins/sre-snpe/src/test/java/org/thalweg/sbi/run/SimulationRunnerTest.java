package org.thalweg.sbi.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;

/** Simulators that work, fail, hang and are interrupted. */
class SimulationRunnerTest {
  private static Simulations planned(int n) {
    Simulations out = new Simulations(1, 2);
    Matrix parameters = Matrix.zeros(n, 1);
    for (int i = 0; i < n; i++) {
      parameters.values()[i] = i;
    }
    out.plan(1, parameters);
    return out;
  }

  private static Simulations run(Simulator simulator, int n, int threads, SimulationConfig config) {
    Simulations table = planned(n);
    assertTrue(
        new SimulationRunner(simulator, threads, config).run(table, new Seed(1), () -> true));
    return table;
  }

  private static double[] noise(double[] theta, Seed seed) {
    return new double[] {theta[0], seed.generator().nextGaussian()};
  }

  @Test
  void threadsDoNotMatter() {
    Matrix one = run(SimulationRunnerTest::noise, 500, 1, SimulationConfig.DEFAULT).used().data();
    Matrix four = run(SimulationRunnerTest::noise, 500, 4, SimulationConfig.DEFAULT).used().data();
    assertEquals(500, one.rows());
    for (int i = 0; i < 500; i++) {
      assertEquals(one.get(i, 1), four.get(i, 1));
    }
  }

  @Test
  void failuresAreCountedByKind() {
    Simulations table =
        run(
            (theta, seed) ->
                switch ((int) theta[0] % 5) {
                  case 0 -> throw new IllegalStateException("no");
                  case 1 -> new double[] {Double.NaN, 1};
                  case 2 -> new double[] {1};
                  default -> noise(theta, seed);
                },
            1000,
            2,
            SimulationConfig.DEFAULT);
    assertEquals(
        Map.of(
            Outcome.EXCEPTION,
            200,
            Outcome.NOT_FINITE,
            200,
            Outcome.LENGTH,
            200,
            Outcome.USED,
            400),
        table.counts());
    assertEquals(600, table.failed());
    assertEquals(400, table.used().size());
    assertEquals(3, table.used().parameters().get(0, 0));
  }

  /** One in fifty sleeps for ever; the others are done all the same. */
  @Test
  void whatHangsIsLeftBehind() {
    Simulations table =
        run(
            (theta, seed) -> {
              if (theta[0] % 50 == 7) {
                try {
                  Thread.sleep(60_000);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
              return noise(theta, seed);
            },
            200,
            2,
            new SimulationConfig(0.1, 1, 1));
    assertEquals(Map.of(Outcome.TIMEOUT, 4, Outcome.USED, 196), table.counts());
  }

  /** A simulator that hangs whatever it is given is refused, and does not hang the caller. */
  @Test
  void whatAlwaysHangsIsRefused() {
    Simulations table = planned(1000);
    AtomicInteger running = new AtomicInteger();
    Simulator spinning =
        (theta, seed) -> {
          long until = System.nanoTime() + 8_000_000_000L;
          running.incrementAndGet();
          while (System.nanoTime() < until) {
            try {
              Thread.sleep(1000);
            } catch (InterruptedException e) {
              // It does not listen.
            }
          }
          return noise(theta, seed);
        };
    var runner = new SimulationRunner(spinning, 16, new SimulationConfig(0.02, 1, 1));
    ThalwegException refused =
        assertThrows(ThalwegException.class, () -> runner.run(table, new Seed(1), () -> true));
    assertTrue(refused.getMessage().contains("did not come back"), refused.getMessage());
  }

  /** What was done before an interruption is not done again, and the result is the same. */
  @Test
  void goesOnWhereItWasStopped() {
    AtomicInteger calls = new AtomicInteger();
    Simulator counted =
        (theta, seed) -> {
          calls.incrementAndGet();
          try {
            Thread.sleep(1);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return noise(theta, seed);
        };
    Simulations table = planned(300);
    var runner = new SimulationRunner(counted, 2, SimulationConfig.DEFAULT);
    assertFalse(runner.run(table, new Seed(1), () -> table.pending().length > 200));
    int before = 300 - table.pending().length;
    assertTrue(before > 50 && before < 300, "done before: " + before);
    assertTrue(runner.run(table, new Seed(1), () -> true));
    // Those under way when it was stopped, one a thread, are run again.
    assertTrue(calls.get() <= 302, "calls: " + calls.get());
    Matrix whole = run(SimulationRunnerTest::noise, 300, 1, SimulationConfig.DEFAULT).used().data();
    for (int i = 0; i < 300; i++) {
      assertEquals(whole.get(i, 1), table.used().data().get(i, 1));
    }
  }

  /** Many at a time: as many calls as batches, and a bad one spoils only itself. */
  @Test
  void batches() {
    AtomicInteger calls = new AtomicInteger();
    Simulator batched =
        new Simulator() {
          @Override
          public double[] simulate(double[] theta, Seed seed) {
            if (theta[0] == 13) {
              throw new IllegalStateException("no");
            }
            return new double[] {theta[0], 1};
          }

          @Override
          public Matrix simulate(Matrix parameters, Seed seed) {
            calls.incrementAndGet();
            return Simulator.super.simulate(parameters, seed);
          }
        };
    Simulations table = run(batched, 100, 2, new SimulationConfig(60, 10, 1));
    assertEquals(10, calls.get());
    assertEquals(Map.of(Outcome.EXCEPTION, 1, Outcome.USED, 99), table.counts());
    for (int i = 0; i < 99; i++) {
      assertEquals(table.used().parameters().get(i, 0), table.used().data().get(i, 0));
    }
  }

  /**
   * The noise of a batch comes from the batch's seed. The second batch fails, and is run one by one
   * when it is stopped: what is left of it must not become the beginning of another batch.
   */
  private static Simulator noisyTogether(AtomicInteger calls, AtomicBoolean hangs) {
    return new Simulator() {
      @Override
      public double[] simulate(double[] theta, Seed seed) {
        calls.incrementAndGet();
        if (theta[0] == 14 && hangs.getAndSet(false)) {
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
        return noise(theta, seed);
      }

      @Override
      public Matrix simulate(Matrix parameters, Seed seed) {
        if (parameters.get(0, 0) == 10) {
          throw new IllegalStateException("no");
        }
        calls.addAndGet(parameters.rows());
        var random = seed.generator();
        Matrix out = Matrix.zeros(parameters.rows(), 2);
        for (int i = 0; i < out.rows(); i++) {
          out.values()[2 * i + 1] = random.nextGaussian();
        }
        return out;
      }
    };
  }

  @Test
  void batchesBeginWhereTheyWouldHave() {
    var config = new SimulationConfig(60, 10, 1);
    Simulations whole = planned(45);
    whole.plan(2, Matrix.zeros(15, 1));
    assertTrue(
        new SimulationRunner(
                noisyTogether(new AtomicInteger(), new AtomicBoolean(false)), 1, config)
            .run(whole, new Seed(1), () -> true));
    Simulations table = planned(45);
    AtomicInteger calls = new AtomicInteger();
    var runner = new SimulationRunner(noisyTogether(calls, new AtomicBoolean(true)), 1, config);
    assertFalse(runner.run(table, new Seed(1), () -> table.outcome(13) == Outcome.PENDING));
    assertEquals(31, table.pending().length);
    assertTrue(runner.run(table, new Seed(1), () -> true));
    table.plan(2, Matrix.zeros(15, 1));
    assertTrue(runner.run(table, new Seed(1), () -> true));
    assertArrayEquals(whole.used().data().values(), table.used().data().values());
    // The one that was under way is run again.
    assertEquals(61, calls.get());
  }

  /** The first by its place, however the threads were. */
  @Test
  void theFirstReasonIsKept() {
    Simulations table =
        run(
            (theta, seed) -> {
              if (theta[0] == 4) {
                return new double[] {1};
              }
              throw new IllegalStateException("no " + theta[0]);
            },
            100,
            4,
            SimulationConfig.DEFAULT);
    assertEquals(
        Map.of(Outcome.EXCEPTION, "IllegalStateException: no 0.0", Outcome.LENGTH, "1 and not 2"),
        table.reasons());
  }

  /** What says that no simulation can work is believed. */
  @Test
  void whatCannotWorkEndsTheRun() {
    AtomicInteger calls = new AtomicInteger();
    Simulator missing =
        (theta, seed) -> {
          calls.incrementAndGet();
          throw ThalwegException.usage("There is no such program.");
        };
    for (int batch : new int[] {1, 10}) {
      Simulations table = planned(1000);
      calls.set(0);
      var runner = new SimulationRunner(missing, 2, new SimulationConfig(60, batch, 1));
      ThalwegException refused =
          assertThrows(ThalwegException.class, () -> runner.run(table, new Seed(1), () -> true));
      assertEquals("There is no such program.", refused.getMessage());
      assertTrue(calls.get() <= 2, "calls: " + calls);
      assertEquals(1000, table.pending().length);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that hangs takes none of its batch with it, and each row has a clock of its own. */
  @Test
  void oneThatHangsSpoilsOnlyItself() {
    for (int threads : new int[] {1, 3}) {
      Simulations table =
          run(
              (theta, seed) -> {
                // Six of these are longer than one row's time.
                sleep(theta[0] == 13 ? 60_000 : 60);
                return noise(theta, seed);
              },
              30,
              threads,
              new SimulationConfig(0.3, 10, 1));
      assertEquals(Outcome.TIMEOUT, table.outcome(13));
      assertEquals(Map.of(Outcome.TIMEOUT, 1, Outcome.USED, 29), table.counts());
    }
  }

  /** Threads that listened are not held against the simulator, however many. */
  @Test
  void manyTimeOutsThatListenAreNoReasonToEnd() {
    Simulations table =
        run(
            (theta, seed) -> {
              if (theta[0] % 2 == 0) {
                sleep(60_000);
              }
              return noise(theta, seed);
            },
            160,
            4,
            new SimulationConfig(0.1, 1, 1));
    assertEquals(Map.of(Outcome.TIMEOUT, 80, Outcome.USED, 80), table.counts());
  }

  /** However close to the limit each is, none is lost between two looks at the clock. */
  @Test
  void atTheLimitNoneIsForgotten() {
    var config = new SimulationConfig(0.02, 1, 1);
    Simulations table =
        run(
            (theta, seed) -> {
              long end = System.nanoTime() + (long) (17e6 + 6e6 * seed.generator().nextDouble());
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              return noise(theta, seed);
            },
            40,
            2,
            config);
    assertEquals(0, table.pending().length);
  }
}
