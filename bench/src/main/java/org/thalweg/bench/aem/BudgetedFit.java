package org.thalweg.bench.aem;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.bench.CpuClock;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * A fit of as many steps as fit into some processor seconds: a few steps are timed first, then the
 * schedule is laid over all of them. Clocks on the wall would give a fit on a busy machine fewer.
 */
final class BudgetedFit {
  private static final int FIRST_TRIAL = 30;

  /** Processor seconds of the second: by then the compiler is done with most of it. */
  private static final double SECOND_TRIAL = 8;

  private final Registry registry;
  private final Engine engine;

  BudgetedFit(Registry registry, Engine engine) {
    this.registry = registry;
    this.engine = engine;
  }

  /**
   * What a fit gave.
   *
   * @param model to be closed
   * @param steps taken
   * @param processorSeconds of the whole fit, validations and warm start of the compiler included
   * @param seconds on the wall
   * @param warnings what it said
   */
  record Fitted(
      Model model, long steps, double processorSeconds, double seconds, List<String> warnings) {}

  Fitted fit(
      String estimator, Map<String, Object> options, Dataset data, long seed, double budget) {
    return fit(registry.estimator(estimator), options, data, seed, budget);
  }

  private <C extends Record> Fitted fit(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      Dataset data,
      long seed,
      double budget) {
    double cold = secondsAStep(provider, options, data, seed, FIRST_TRIAL);
    long trial = Math.max(FIRST_TRIAL, (long) (SECOND_TRIAL / cold));
    double warm = secondsAStep(provider, options, data, seed, trial);
    long steps = Math.max(100, (long) (budget / warm));
    Map<String, Object> all = new TreeMap<>(options);
    all.put("epochs", 1_000_000);
    all.put("steps", steps);
    all.putIfAbsent("validate-every", Math.max(50, steps / 60));
    List<String> warnings = new ArrayList<>();
    long[] taken = {0};
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned.message());
          } else if (event instanceof FitEvent.Finished finished) {
            taken[0] = finished.steps();
          } else if (event instanceof FitEvent.Validated v) {
            System.err.printf(
                "%s step %d of %d: train %.3f, validation %.3f%n",
                provider.name(), v.step(), steps, v.trainLogDensity(), v.validationLogDensity());
          }
        };
    double before = CpuClock.seconds();
    long start = System.nanoTime();
    Model model = run(provider, all, data, seed, listener);
    return new Fitted(
        model, taken[0], CpuClock.seconds() - before, (System.nanoTime() - start) * 1e-9, warnings);
  }

  /** Of the second half of some, at the full objective: the proposal is not warmed up. */
  private <C extends Record> double secondsAStep(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      Dataset data,
      long seed,
      long trial) {
    Map<String, Object> all = new TreeMap<>(options);
    all.put("epochs", 1_000_000);
    all.put("steps", trial);
    all.put("validate-every", 1_000_000);
    if (provider.name().equals("aem")) {
      all.put("warm-up", 0);
      all.put("scoring-samples", 2);
      all.put("kernels", 2);
    }
    double[] at = new double[2];
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Stepped stepped) {
            if (stepped.step() == trial / 2) {
              at[0] = CpuClock.seconds();
            } else if (stepped.step() == trial) {
              at[1] = CpuClock.seconds();
            }
          }
        };
    run(provider, all, data, seed, listener).close();
    return (at[1] - at[0]) / (trial - trial / 2);
  }

  private <C extends Record> Model run(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      Dataset data,
      long seed,
      FitListener listener) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    FitOptions how = FitOptions.seed(seed).withSplit(new Split(0.9, 0.1, 0));
    return provider.create(config, new EstimatorContext(engine, registry)).fit(data, how, listener);
  }
}
