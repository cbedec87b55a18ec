package org.thalweg.sbi.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.Simulations.Block;

/**
 * Runs the simulations that are pending, on several threads.
 *
 * <p>Simulation i gets the seed's i-th child whichever thread runs it; those that are handed over
 * together get the child of the first, and which are together depends on the table alone. So the
 * table depends on neither threads nor interruptions. What is over its time is noted as failed and
 * its thread is interrupted; a thread that does not listen is left behind, and another takes its
 * place.
 */
public final class SimulationRunner {
  /** Threads that may hang at once before the simulator is given up. */
  private static final int MOST_LEFT_BEHIND = 64;

  /** How often the clock is looked at, in milliseconds. */
  private static final int WATCH_MILLIS = 20;

  private final Simulator simulator;
  private final int threads;
  private final SimulationConfig config;
  private final int batch;

  /** A runner with a number of threads. */
  public SimulationRunner(Simulator simulator, int threads, SimulationConfig config) {
    this.simulator = simulator;
    this.threads = threads;
    this.config = config;
    this.batch = config.simulationBatch() > 0 ? config.simulationBatch() : simulator.batch();
  }

  /** One thread's present work. */
  private record Task(Block block, int rows, long start) {}

  /** A thread and what it is at. */
  private static final class Worker {
    private final AtomicReference<Optional<Task>> task = new AtomicReference<>(Optional.empty());
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean left;
  }

  /** What the threads share. */
  private record Run(
      Simulations table,
      List<Block> blocks,
      AtomicInteger next,
      Seed seed,
      AtomicReference<Throwable> fault) {
    /** No block is begun any more. */
    void end() {
      next.set(blocks.size());
    }

    void end(Throwable why) {
      fault.compareAndSet(null, why);
      end();
    }
  }

  /**
   * Runs all that is pending.
   *
   * @param seed simulation i gets its i-th child
   * @param progress called on this thread many times a second, with whether to go on as answer
   * @return whether all were run; not so where {@code progress} said to stop
   * @throws ThalwegException exit code 3, where so many hang that no thread is left; 2 where the
   *     simulator said so, which is then true of all simulations
   */
  public boolean run(Simulations table, Seed seed, BooleanSupplier progress) {
    List<Block> blocks = table.blocks(batch);
    var run = new Run(table, blocks, new AtomicInteger(), seed, new AtomicReference<>());
    List<Worker> workers = new ArrayList<>();
    for (int t = 0; t < Math.min(threads, blocks.size()); t++) {
      workers.add(start(run));
    }
    try {
      watch(workers, run, progress);
    } finally {
      stop(workers, run);
    }
    if (run.fault().get() instanceof Error fault) {
      throw fault;
    }
    if (run.fault().get() instanceof RuntimeException fault) {
      throw fault;
    }
    return table.pending().length == 0;
  }

  private void watch(List<Worker> workers, Run run, BooleanSupplier progress) {
    int hanging = 0;
    boolean going = true;
    while (going && workers.stream().anyMatch(SimulationRunner::busy)) {
      await(workers);
      for (Worker worker : List.copyOf(workers)) {
        if (leftBehind(worker, run)) {
          hanging++;
          workers.remove(worker);
          workers.add(start(run));
        }
      }
      if (hanging > MOST_LEFT_BEHIND) {
        throw ThalwegException.data(
            "%d simulations did not come back within %s seconds, and their threads cannot be "
                + "stopped. Raise simulation-timeout, or mend the simulator: it must end for every "
                + "draw of the prior.",
            hanging, config.simulationTimeout());
      }
      going = progress.getAsBoolean();
    }
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

  /**
   * Leaves a worker that is over its time. Its task is taken from it in one step, so that one which
   * has just come back and begun another is left with that.
   */
  private boolean leftBehind(Worker worker, Run run) {
    Optional<Task> present = worker.task.get();
    if (!present.map(this::overTime).orElse(false)
        || !worker.task.compareAndSet(present, Optional.empty())) {
      return false;
    }
    Block block = present.orElseThrow().block();
    for (int i = block.from(); i < block.to(); i++) {
      run.table().note(i, Result.LATE);
    }
    leave(worker);
    return true;
  }

  private boolean overTime(Task task) {
    double seconds = (System.nanoTime() - task.start()) * 1e-9;
    return config.simulationTimeout() > 0 && seconds > config.simulationTimeout() * task.rows();
  }

  private static void leave(Worker worker) {
    worker.left = true;
    worker.thread.ifPresent(Thread::interrupt);
  }

  private static void stop(List<Worker> workers, Run run) {
    run.end();
    workers.stream().filter(SimulationRunner::busy).forEach(SimulationRunner::leave);
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
      boolean going = true;
      while (going && !worker.left) {
        int next = run.next().getAndIncrement();
        if (next >= run.blocks().size()) {
          return;
        }
        Block block = run.blocks().get(next);
        int[] pending = run.table().pending(block);
        var task = Optional.of(new Task(block, pending.length, System.nanoTime()));
        worker.task.set(task);
        simulate(block, pending, run, worker);
        going = worker.task.compareAndSet(task, Optional.empty());
      }
    } catch (Error e) { // not the simulation's failure: it ends the run
      run.end(e);
    } catch (ThalwegException e) { // of no simulation in particular
      if (!worker.left) {
        run.end(e);
      }
    }
  }

  /** A block of which a part was run had failed together, and goes on one by one. */
  private void simulate(Block block, int[] pending, Run run, Worker worker) {
    boolean untouched = pending.length == block.size();
    if (block.size() > 1 && untouched && together(block, run, worker)) {
      return;
    }
    for (int index : pending) {
      if (worker.left) {
        return;
      }
      alone(index, run, worker);
    }
  }

  /** Many in one call; false where it failed, so that each is tried by itself. */
  private boolean together(Block block, Run run, Worker worker) {
    double[][] parameters =
        IntStream.range(block.from(), block.to())
            .mapToObj(run.table()::parameters)
            .toArray(double[][]::new);
    Matrix out;
    try {
      out = simulator.simulate(Matrix.of(parameters), run.seed().child(block.from()));
    } catch (RuntimeException | StackOverflowError e) {
      requireFailure(e);
      return false;
    }
    if (out == null || out.rows() != block.size()) {
      return false;
    }
    if (!worker.left) {
      int size = run.table().dataSize();
      run.table()
          .note(
              block,
              IntStream.range(0, out.rows()).mapToObj(i -> Result.of(out.row(i), size)).toList());
    }
    return true;
  }

  private void alone(int index, Run run, Worker worker) {
    Result result;
    try {
      double[] out = simulator.simulate(run.table().parameters(index), run.seed().child(index));
      result = Result.of(out, run.table().dataSize());
    } catch (RuntimeException | StackOverflowError e) {
      requireFailure(e);
      result = Result.of(e);
    }
    if (!worker.left) {
      run.table().note(index, result);
    }
  }

  /** What the user has to mend before any simulation can work is not the failure of one. */
  private static void requireFailure(Throwable thrown) {
    if (thrown instanceof ThalwegException e && e.exitCode() == ExitCode.USAGE) {
      throw e;
    }
  }
}
