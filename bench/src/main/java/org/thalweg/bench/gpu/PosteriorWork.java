package org.thalweg.bench.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.PosteriorFile;

/**
 * SNPE-C on the mean of a normal distribution. Its first round is plain maximum likelihood; the
 * steps that count are the second's, of the atomic loss.
 *
 * @param columns the number of parameters, and of data
 * @param batch rows in a step
 */
record PosteriorWork(int columns, int batch) implements Work {
  static final String METHOD = "snpe-c";

  private static final int ROUNDS = 2;

  /** Both rounds take as many steps, so they are not endless: so many rows, and so many steps. */
  private static final long ROWS = 20_000;

  private static final long FEWEST_STEPS = 8;

  @Override
  public String estimator() {
    return METHOD;
  }

  @Override
  public Trained train(Engine engine, Registry registry, long steps, FitListener listener) {
    SimulatorProvider.Simulation simulation = simulation(registry.simulator("gaussian-linear"));
    var problem =
        new SimulatorProblem(
            "gaussian-linear",
            simulation.prior(),
            simulation.simulator(),
            Matrix.zeros(1, columns));
    return posterior(registry.method(METHOD), problem, engine, registry, steps, listener);
  }

  private <C extends Record> SimulatorProvider.Simulation simulation(
      SimulatorProvider<C> provider) {
    return provider.create(ConfigBinder.bind(provider.defaults(), Map.of("dimension", columns)));
  }

  private <C extends Record> Trained posterior(
      InferenceProvider<C> provider,
      SimulatorProblem problem,
      Engine engine,
      Registry registry,
      long steps,
      FitListener listener) {
    Map<String, Object> set = new HashMap<>(ENDLESS);
    set.put("batch-size", batch);
    set.put("steps", Math.min(steps, Math.max(FEWEST_STEPS, ROWS / batch)));
    set.put("validation", 0);
    set.put("calibration-simulations", 0);
    set.put("predictive-simulations", 0);
    C config = ConfigBinder.bind(provider.defaults(), set);
    var options =
        new InferenceOptions(
            SEED, ROUNDS, batch * Math.max(1, 4096 / batch), Optional.empty(), Checkpoints.NONE);
    Posterior posterior =
        provider
            .create(config, new EstimatorContext(engine, registry))
            .infer(problem, options, last(listener));
    return new Scoring(posterior, config, registry, batch);
  }

  /** Passes on what happens in the last round. */
  private static InferenceListener last(FitListener listener) {
    return new InferenceListener() {
      private boolean last;

      @Override
      public void on(InferenceEvent event) {
        if (event instanceof InferenceEvent.RoundStarted started) {
          last = started.round() == ROUNDS;
        } else if (last && event instanceof InferenceEvent.Training training) {
          listener.on(training.event());
        }
      }

      @Override
      public boolean interrupted() {
        return last && listener.interrupted();
      }
    };
  }

  private record Scoring(Posterior posterior, Record config, Registry registry, int batch)
      implements Trained {
    @Override
    public double[] score(int rows) {
      Matrix unseen = ((SimulatorProblem) posterior.problem()).prior().sample(batch, SEED);
      return posterior.logDensity(unseen.slice(0, rows));
    }

    @Override
    public Trained moved(Engine engine, Registry all) throws IOException {
      Path file = Files.createTempDirectory("thalweg").resolve("p.thalweg");
      try {
        var card = PosteriorFile.card(METHOD, config, posterior, names(), SEED, engine.name());
        PosteriorFile.save(file, posterior, card, Optional.empty(), registry, Map.of());
        Posterior read =
            PosteriorFile.load(file, posterior.problem(), new EstimatorContext(engine, all));
        return new Scoring(read, config, all, batch);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
      }
    }

    private List<String> names() {
      int data = ((SimulatorProblem) posterior.problem()).observation().columns();
      return IntStream.rangeClosed(1, data).mapToObj(i -> "x_" + i).toList();
    }

    @Override
    public void close() {
      posterior.close();
    }
  }
}
