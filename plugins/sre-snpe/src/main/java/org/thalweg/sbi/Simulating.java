package org.thalweg.sbi;

import java.time.Duration;
import java.util.Optional;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;

/**
 * Simulates what a table has pending, until it is done, stopped, or out of time, and has what was
 * made saved on the way.
 *
 * <p>A table is saved whenever something was added to it, unless that would take more than a tenth
 * of the time: where simulations are slow against a save, no more than those under way are lost,
 * however the process ends.
 */
final class Simulating {
  private static final long NANOS = 1_000_000_000L;

  /** How much longer than a save is what may be lost. */
  private static final int SAVES_APART = 9;

  /** Why it ended. */
  enum End {
    /** All were run. */
    DONE,
    /** The listener wants it. */
    INTERRUPTED,
    /** The time is over. */
    TIME_LIMIT,
    /** All that were run have failed, and it is not worth waiting for the rest. */
    HOPELESS
  }

  private final SimulationRunner runner;
  private final SimulationConfig config;
  private final double mostSeconds;
  private final InferenceListener listener;
  private final int budget;

  /**
   * What simulates.
   *
   * @param config says how many may fail
   * @param mostSeconds the longest time between two saves
   * @param budget the simulations of all rounds
   */
  Simulating(
      SimulationRunner runner,
      SimulationConfig config,
      double mostSeconds,
      InferenceListener listener,
      int budget) {
    this.runner = runner;
    this.config = config;
    this.mostSeconds = mostSeconds;
    this.listener = listener;
    this.budget = budget;
  }

  /** Simulates; {@code save} is called on this thread, and last when it has ended. */
  End run(Simulations table, Seed seed, Optional<Duration> limit, Runnable save) {
    tell(table);
    if (table.pending().length == 0) {
      return End.DONE;
    }
    long start = System.nanoTime();
    int[] fresh = table.pending();
    Saves saves = new Saves(save, table.done());
    boolean all =
        runner.run(
            table,
            seed,
            () -> {
              tell(table);
              saves.look(table.done());
              return !listener.interrupted()
                  && !over(limit, start)
                  && !Failures.hopeless(table, fresh, config);
            });
    tell(table);
    save.run();
    if (all) {
      return End.DONE;
    }
    if (listener.interrupted()) {
      return End.INTERRUPTED;
    }
    return over(limit, start) ? End.TIME_LIMIT : End.HOPELESS;
  }

  private static boolean over(Optional<Duration> limit, long start) {
    return limit.map(most -> System.nanoTime() - start > most.toNanos()).orElse(false);
  }

  /** Says how far the table is. */
  void tell(Simulations table) {
    listener.on(new InferenceEvent.Simulated(table.done(), table.failed(), budget));
  }

  /** When to save. */
  private final class Saves {
    private final Runnable save;
    private int done;
    private long last = System.nanoTime();
    private long took;

    Saves(Runnable save, int done) {
      this.save = save;
      this.done = done;
    }

    void look(int now) {
      long begin = System.nanoTime();
      if (now > done && begin - last >= Math.min(SAVES_APART * took, mostSeconds * NANOS)) {
        save.run();
        done = now;
        last = System.nanoTime();
        took = last - begin;
      }
    }
  }
}
