package org.thalweg.sbi.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;

/**
 * Runs the simulations that are pending, on several threads.
 *
 * <p>Simulation i gets the seed's i-th child whichever thread runs it, so that the table depends on
 * neither threads nor interruptions. One that is over its time is noted as failed and its thread is
 * interrupted; a thread that does not listen is left behind, and another takes its place.
 */
public final class SimulationRunner {
  /** Threads that may hang at once before the simulator is given up. */
  private static final int MOST_LEFT_BEHIND = 64;

  /** How often the clock is looked at, in milliseconds. */
  private static final int WATCH_MILLIS = 20;

  private final Simulator simulator;
  private final int threads;
  private final SimulationConfig config;

  /** A runner with a number of threads. */
  public SimulationRunner(Simulator simulator, int threads, SimulationConfig config) {
    this.simulator = simulator;
    this.threads = threads;
    this.config = config;
  }

  /** One thread's present work. */
  private record Task(int[] indices, long start) {}

  /** A thread and what it is at. */
  private static final class Worker {
    private final AtomicReference<Optional<Task>> task = new AtomicReference<>(Optional.empty());
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean left;
  }

  /** What the threads share. */
  private record Run(
      Simulations table,
      int[] pending,
      AtomicInteger next,
      Seed seed,
      AtomicReference<Error> fault) {}

  /**
   * Runs all that is pending.
   *
   * @param seed simulation i gets its i-th child
   * @param progress called on this thread a few times a second, with whether to go on as answer
   * @return whether all were run; not so where {@code progress} said to stop
   * @throws ThalwegException exit code 3, where so many hang that no thread is left
   */
  public boolean run(Simulations table, Seed seed, BooleanSupplier progress) {
    int[] pending = table.pending();
    var run = new Run(table, pending, new AtomicInteger(), seed, new AtomicReference<>());
    List<Worker> workers = new ArrayList<>();
    for (int t = 0; t < Math.min(threads, pending.length); t++) {
      workers.add(start(run));
    }
    int hanging = 0;
    boolean going = true;
    while (going && workers.stream().anyMatch(SimulationRunner::busy)) {
      await(workers);
      for (Worker worker : List.copyOf(workers)) {
        if (overTime(worker)) {
          leave(worker, run);
          hanging++;
          workers.remove(worker);
          workers.add(start(run));
        }
      }
      if (hanging > MOST_LEFT_BEHIND) {
        stop(workers, run);
        throw ThalwegException.data(
            "%d simulations did not come back within %s seconds, and their threads cannot be "
                + "stopped. Raise simulation-timeout, or mend the simulator: it must end for every "
                + "draw of the prior.",
            hanging, config.simulationTimeout());
      }
      going = progress.getAsBoolean();
    }
    stop(workers, run);
    if (run.fault.get() != null) {
      throw run.fault.get();
    }
    return table.pending().length == 0;
  }

  private static boolean busy(Worker worker) {
    return worker.thread.map(Thread::isAlive).orElse(false);
  }

  private static void await(List<Worker> workers) {
    try {
      // The first that is still at it; the others are looked at after the same short time.
      for (Worker worker : workers) {
        if (busy(worker)) {
          worker.thread.orElseThrow().join(WATCH_MILLIS);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThalwegException(ExitCode.INTERRUPTED, "Interrupted while simulating.", e);
    }
  }

  private boolean overTime(Worker worker) {
    if (config.simulationTimeout() == 0) {
      return false;
    }
    return worker
        .task
        .get()
        .map(
            t ->
                (System.nanoTime() - t.start) * 1e-9
                    > config.simulationTimeout() * t.indices.length)
        .orElse(false);
  }

  private static void leave(Worker worker, Run run) {
    worker.left = true;
    worker
        .task
        .get()
        .ifPresent(
            t ->
                Arrays.stream(t.indices)
                    .forEach(i -> run.table.note(i, Outcome.TIMEOUT, new double[0])));
    worker.thread.ifPresent(Thread::interrupt);
  }

  private static void stop(List<Worker> workers, Run run) {
    run.next.set(run.pending.length);
    for (Worker worker : workers) {
      if (busy(worker)) {
        worker.left = true;
        worker.thread.ifPresent(Thread::interrupt);
      }
    }
  }

  private Worker start(Run run) {
    Worker worker = new Worker();
    Thread thread = new Thread(() -> work(worker, run), "thalweg-simulation");
    thread.setDaemon(true);
    worker.thread = Optional.of(thread);
    thread.start();
    return worker;
  }

  private void work(Worker worker, Run run) {
    try {
      while (!worker.left) {
        int from = run.next.getAndAdd(config.simulationBatch());
        if (from >= run.pending.length) {
          return;
        }
        int to = Math.min(run.pending.length, from + config.simulationBatch());
        int[] indices = Arrays.copyOfRange(run.pending, from, to);
        worker.task.set(Optional.of(new Task(indices, System.nanoTime())));
        simulate(indices, run, worker);
        worker.task.set(Optional.empty());
      }
    } catch (Error e) { // not the simulation's failure: it ends the run
      run.fault.compareAndSet(null, e);
      run.next.set(run.pending.length);
    }
  }

  private void simulate(int[] indices, Run run, Worker worker) {
    if (indices.length > 1 && together(indices, run, worker)) {
      return;
    }
    for (int index : indices) {
      if (worker.left) {
        return;
      }
      alone(index, run, worker);
    }
  }

  /** Many in one call; false where it failed, so that each is tried by itself. */
  private boolean together(int[] indices, Run run, Worker worker) {
    double[][] rows =
        Arrays.stream(indices).mapToObj(run.table::parameters).toArray(double[][]::new);
    try {
      Matrix out = simulator.simulate(Matrix.of(rows), run.seed.child(indices[0]));
      if (out.rows() != indices.length) {
        return false;
      }
      for (int i = 0; i < indices.length && !worker.left; i++) {
        note(indices[i], out.row(i), run);
      }
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      return false;
    }
  }

  private void alone(int index, Run run, Worker worker) {
    try {
      double[] out = simulator.simulate(run.table.parameters(index), run.seed.child(index));
      if (!worker.left) {
        note(index, out == null ? new double[0] : out, run);
      }
    } catch (RuntimeException | StackOverflowError e) {
      if (!worker.left) {
        run.table.note(index, Outcome.EXCEPTION, new double[0]);
      }
    }
  }

  private static void note(int index, double[] out, Run run) {
    boolean finite = Arrays.stream(out).allMatch(Double::isFinite);
    Outcome outcome =
        out.length != run.table.dataSize()
            ? Outcome.LENGTH
            : finite ? Outcome.USED : Outcome.NOT_FINITE;
    run.table.note(index, outcome, outcome == Outcome.USED ? out.clone() : new double[0]);
  }
}
