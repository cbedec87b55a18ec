package org.thalweg.app.published;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * Some steps of a fit to made-up rows of a set's shape: what a step takes, and whether memory
 * suffices, before anything is downloaded.
 *
 * @param set the set
 * @param steps how many are taken, at least 4
 */
public record DryRun(PublishedSet set, int steps) {
  private static final int FEWEST = 4;

  /** Refuses too few steps to time any. */
  public DryRun {
    if (steps < FEWEST) {
      throw ThalwegException.usage("A dry run takes at least %d steps, got %d.", FEWEST, steps);
    }
  }

  /**
   * What was seen.
   *
   * @param secondsAStep of the second half of the steps, on the clock
   * @param processorSecondsAStep of the same, of all threads: what others on the machine change
   *     little
   * @param ofAll the steps that the configuration asks for
   * @param peakBytes the most memory that the process had, if the system tells
   */
  public record Seen(
      double secondsAStep, double processorSecondsAStep, long ofAll, long peakBytes) {
    /** Seconds of all steps; validations and the judging at the end come on top. */
    public double projectedSeconds() {
      return secondsAStep * ofAll;
    }
  }

  /** Takes the steps. */
  public <C extends Record> Seen run(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      EstimatorContext context,
      Seed seed) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    long all = Long.parseLong(String.valueOf(options.get("steps")));
    Parts parts = parts(seed);
    double[] rows = new double[parts.rows() * set.columns()];
    int at = 0;
    for (Matrix part : new Matrix[] {parts.train(), parts.validation(), parts.test()}) {
      System.arraycopy(part.values(), 0, rows, at, part.values().length);
      at += part.values().length;
    }
    Dataset data = Dataset.of(new Matrix(parts.rows(), set.columns(), rows));
    Clock clock = new Clock(steps);
    FitOptions how = FitOptions.seed(seed.value()).withSplit(parts.split());
    try {
      provider.create(config, context).fit(data, how, clock).close();
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
    }
    return new Seen(clock.secondsAStep(), clock.processorSecondsAStep(), all, peakBytes());
  }

  /** Correlated normal rows of the set's shape. */
  private Parts parts(Seed seed) {
    SplittableRandom random = seed.child("made up").generator();
    return new Parts(
        rows(set.train(), random), rows(set.validation(), random), rows(set.test(), random));
  }

  private Matrix rows(int count, SplittableRandom random) {
    Matrix out = Matrix.zeros(count, set.columns());
    double last = 0;
    for (int i = 0; i < out.values().length; i++) {
      last = 0.6 * last + 0.8 * random.nextGaussian();
      out.values()[i] = last;
    }
    return out;
  }

  /** The peak of the resident memory on Linux, else what the JVM has taken. */
  private static long peakBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(Runtime.getRuntime().totalMemory());
    } catch (IOException e) {
      return Runtime.getRuntime().totalMemory();
    }
  }

  /** Ends the fit after some steps. */
  private static final class Clock implements FitListener {
    private final long[] ends;
    private final long[] worked;
    private int taken;

    Clock(int steps) {
      ends = new long[steps];
      worked = new long[steps];
    }

    @Override
    public void on(FitEvent event) {
      if (event instanceof FitEvent.Stepped && taken < ends.length) {
        worked[taken] = processorNanos();
        ends[taken++] = System.nanoTime();
      }
    }

    @Override
    public boolean interrupted() {
      return taken == ends.length;
    }

    private static long processorNanos() {
      return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    double secondsAStep() {
      return aStep(ends);
    }

    double processorSecondsAStep() {
      return aStep(worked);
    }

    private double aStep(long[] of) {
      long[] timed = Arrays.copyOfRange(of, taken / 2, taken);
      return (timed[timed.length - 1] - timed[0]) * 1e-9 / Math.max(1, timed.length - 1);
    }
  }
}
