package org.thalweg.sbi.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 * place. Those that were handed over together and fail, or are over their time, are run again one
 * by one.
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
  private record Task(Block block, long start) {}

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
      Queue<Block> singles,
      Seed seed,
      AtomicReference<Throwable> fault) {
    /** What is to be run next: first the rows of blocks that failed, each by itself. */
    Optional<Block> take() {
      if (fault.get() != null) {
        return Optional.empty();
      }
      Block single = singles.poll();
      if (single != null) {
        return Optional.of(single);
      }
      int index = next.getAndIncrement();
      return index < blocks.size() ? Optional.of(blocks.get(index)) : Optional.empty();
    }

    /** Has what is pending of a block run one by one, each with a clock of its own. */
    void oneByOne(Block block) {
      IntStream.of(table.pending(block)).mapToObj(i -> new Block(i, i + 1)).forEach(singles::add);
    }

    /** No block is begun any more. */
    void end() {
      next.set(blocks.size());
      singles.clear();
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
    var run =
        new Run(
            table,
            blocks,
            new AtomicInteger(),
            new ConcurrentLinkedQueue<>(),
            seed,
            new AtomicReference<>());
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
    List<Worker> left = new ArrayList<>();
    boolean going = true;
    while (going && workers.stream().anyMatch(SimulationRunner::busy)) {
      await(workers);
      for (Worker worker : List.copyOf(workers)) {
        if (leftBehind(worker, run)) {
          left.add(worker);
          workers.remove(worker);
          workers.add(start(run));
        }
      }
      left.removeIf(worker -> !busy(worker)); // it has listened
      if (left.size() > MOST_LEFT_BEHIND) {
        throw ThalwegException.data(
            "%d calls of the simulator did not come back within %s seconds for each simulation, and "
                + "their threads cannot be stopped. Raise simulation-timeout, or mend the simulator: it must end for every "
                + "draw of the prior.",
            left.size(), config.simulationTimeout());
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
    if (block.size() > 1) {
      run.oneByOne(block); // which of them hangs is not known
    } else {
      run.table().note(block.from(), Result.LATE);
    }
    leave(worker);
    return true;
  }

  private boolean overTime(Task task) {
    double seconds = (System.nanoTime() - task.start()) * 1e-9;
    return config.simulationTimeout() > 0
        && seconds > config.simulationTimeout() * task.block().size();
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
        Optional<Block> block = run.take();
        if (block.isEmpty()) {
          return;
        }
        var task = Optional.of(new Task(block.get(), System.nanoTime()));
        worker.task.set(task);
        List<Result> results = simulate(block.get(), run);
        going = worker.task.compareAndSet(task, Optional.empty());
        if (going && !worker.left) {
          note(block.get(), results, run);
        }
      }
    } catch (Error e) { // not the simulation's failure: it ends the run
      run.end(e);
    } catch (ThalwegException e) { // of no simulation in particular
      if (!worker.left) {
        run.end(e);
      }
    }
  }

  private static void note(Block block, List<Result> results, Run run) {
    if (results.isEmpty()) {
      run.oneByOne(block);
    } else {
      run.table().note(block, results);
    }
  }

  /** A result for each row; none where the block failed together, or a part of it was run. */
  private List<Result> simulate(Block block, Run run) {
    if (block.size() == 1) {
      return List.of(alone(block.from(), run));
    }
    return run.table().pending(block).length == block.size() ? together(block, run) : List.of();
  }

  /** Many in one call; nothing where it failed. */
  private List<Result> together(Block block, Run run) {
    double[][] parameters =
        IntStream.range(block.from(), block.to())
            .mapToObj(run.table()::parameters)
            .toArray(double[][]::new);
    Matrix out;
    try {
      out = simulator.simulate(Matrix.of(parameters), run.seed().child(block.from()));
    } catch (RuntimeException | StackOverflowError e) {
      requireFailure(e);
      return List.of();
    }
    if (out == null || out.rows() != block.size()) {
      return List.of();
    }
    int size = run.table().dataSize();
    return IntStream.range(0, out.rows()).mapToObj(i -> Result.of(out.row(i), size)).toList();
  }

  private Result alone(int index, Run run) {
    try {
      double[] out = simulator.simulate(run.table().parameters(index), run.seed().child(index));
      return Result.of(out, run.table().dataSize());
    } catch (RuntimeException | StackOverflowError e) {
      requireFailure(e);
      return Result.of(e);
    }
  }

  /** What the user has to mend before any simulation can work is not the failure of one. */
  private static void requireFailure(Throwable thrown) {
    if (thrown instanceof ThalwegException e && e.exitCode() == ExitCode.USAGE) {
      throw e;
    }
  }
}
