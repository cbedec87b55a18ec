package org.thalweg.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.Registry;

/** Times of steps and of scoring, each within a few seconds. */
final class Clock {
  /** The first steps compile kernels and allocate. */
  private static final int WARM_UP = 5;

  private static final int MOST = 400;

  /** Where they take long, these are enough, half of them to warm up. */
  private static final int FEWEST = 4;

  /** More steps than there is time for. */
  static final long ENDLESS = 1_000_000_000L;

  private final Registry registry;
  private final double seconds;

  Clock(Registry registry, double seconds) {
    this.registry = registry;
    this.seconds = seconds;
  }

  /**
   * What a step takes.
   *
   * @param median in milliseconds
   * @param spread half the distance of the quartiles, in milliseconds
   * @param readBacks how often a step waits for the device; empty on the host
   * @param uploads arrays that a step makes of numbers of the host; known where it is simulated
   */
  record Time(
      double median,
      double spread,
      int count,
      Optional<Double> readBacks,
      Optional<Double> uploads) {}

  /** A step of training, from one to the next. */
  Time step(Engine engine, Work work) {
    List<Long> ends = new ArrayList<>();
    List<Long> backs = new ArrayList<>();
    List<Long> uploads = new ArrayList<>();
    FitListener watch =
        new FitListener() {
          private long start;

          @Override
          public void on(FitEvent event) {
            if (event instanceof FitEvent.Stepped) {
              start = ends.isEmpty() ? System.nanoTime() : start;
              ends.add(System.nanoTime());
              fact(engine, "read-backs").ifPresent(backs::add);
              fact(engine, "uploads").ifPresent(uploads::add);
            }
          }

          @Override
          public boolean interrupted() {
            boolean late = !ends.isEmpty() && System.nanoTime() - start > seconds * 1e9;
            return ends.size() > MOST || (late && ends.size() >= FEWEST);
          }
        };
    try {
      work.train(engine, registry, ENDLESS, watch).close();
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
    }
    int first = Math.min(WARM_UP, ends.size() / 2);
    double[] times = new double[ends.size() - 1 - first];
    for (int i = 0; i < times.length; i++) {
      times[i] = (ends.get(i + 1 + first) - ends.get(i + first)) * 1e-6;
    }
    double[] summary = Work.summary(times);
    return new Time(summary[0], summary[1], times.length, each(backs, first), each(uploads, first));
  }

  /** By how much a count grew in a step. */
  private static Optional<Double> each(List<Long> counts, int first) {
    int last = counts.size() - 1;
    return last <= first
        ? Optional.empty()
        : Optional.of((counts.get(last) - counts.get(first)) / (double) (last - first));
  }

  /** Scoring a batch of rows. */
  Time score(Engine engine, Work work) {
    int rows = work.batch();
    try (Work.Trained model = work.train(engine, registry, 3, FitListener.SILENT)) {
      List<Double> times = new ArrayList<>();
      long start = System.nanoTime();
      model.score(rows);
      double first = (System.nanoTime() - start) * 1e-6;
      if (first > seconds * 1e3) {
        // What takes so long is not much slower the first time.
        return new Time(first, Double.NaN, 1, Optional.empty(), Optional.empty());
      }
      start = System.nanoTime();
      do {
        long before = System.nanoTime();
        model.score(rows);
        times.add((System.nanoTime() - before) * 1e-6);
      } while (System.nanoTime() - start < seconds * 1e9 && times.size() < MOST);
      double[] summary = Work.summary(times.stream().mapToDouble(Double::doubleValue).toArray());
      return new Time(summary[0], summary[1], times.size(), Optional.empty(), Optional.empty());
    }
  }

  private static Optional<Long> fact(Engine engine, String name) {
    return Optional.ofNullable(engine.describe().get(name)).map(Long::valueOf);
  }
}
