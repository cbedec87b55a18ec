package org.thalweg.app.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.api.config.Option;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.PosteriorModel;

/** Simulates in rounds, learns nothing, and says that parameters are what was observed of them. */
final class FakeSequential implements InferenceProvider<FakeSequential.Config> {
  /** Options. */
  public record Config(
      @Option("the posterior's s.d.") double width, @Option("whether it fails") boolean fail) {}

  @Override
  public String name() {
    return "fake-sequential";
  }

  @Override
  public String summary() {
    return "believes what it sees";
  }

  @Override
  public Config defaults() {
    return new Config(0.05, false);
  }

  @Override
  public Class<? extends Problem> problemType() {
    return SimulatorProblem.class;
  }

  @Override
  public boolean sequential() {
    return true;
  }

  @Override
  public Inference create(Config config, EstimatorContext context) {
    return (problem, options, listener) -> {
      SimulatorProblem simulated = (SimulatorProblem) problem;
      Posterior posterior = new Believer(simulated, config);
      ModelCard card =
          new ModelCard(
              name(),
              config,
              PosteriorModel.schema(posterior, List.of("left", "right", "both")),
              options.seed().value(),
              context.engine().name(),
              new TreeMap<>());
      int each = options.simulations() / options.rounds();
      int first = options.checkpoints().latest().map(FakeSequential::rounds).orElse(0) + 1;
      List<Matrix[]> tables = new ArrayList<>();
      for (int round = first; round <= options.rounds(); round++) {
        listener.on(new InferenceEvent.RoundStarted(round, options.rounds()));
        tables.add(simulate(simulated, each, options.seed().child(round)));
        listener.on(new InferenceEvent.Simulated(round * each, 0, options.simulations()));
        listener.on(new InferenceEvent.RoundSimulated(together(tables, first)));
        listener.on(
            new InferenceEvent.Training(new FitEvent.Validated(round, round, 0, round, true)));
        double done = round;
        options
            .checkpoints()
            .save(card, w -> w.tensor("rounds", Tensor.of(new double[] {done}, 1)));
        if (listener.interrupted() && round < options.rounds()) {
          throw new ThalwegException(
              ExitCode.INTERRUPTED, "Interrupted after round " + round + ".");
        }
      }
      if (config.fail()) {
        throw new ThalwegException(ExitCode.DIVERGED, "It was told to fail.");
      }
      return posterior;
    };
  }

  private static int rounds(ModelReader reader) {
    return (int) reader.tensor("rounds").toDoubles()[0];
  }

  private static Matrix[] simulate(SimulatorProblem problem, int n, Seed seed) {
    Matrix parameters = problem.prior().sample(n, seed);
    return new Matrix[] {
      parameters, problem.simulator().simulate(parameters, seed.child("x")),
    };
  }

  /** The first of each round is said to have failed. */
  private static SimulationTable together(List<Matrix[]> tables, int first) {
    List<double[]> parameters = new ArrayList<>();
    List<double[]> data = new ArrayList<>();
    List<Integer> rounds = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    for (int k = 0; k < tables.size(); k++) {
      Matrix x = tables.get(k)[1];
      for (int i = 0; i < x.rows(); i++) {
        double[] none = new double[x.columns()];
        Arrays.fill(none, Double.NaN);
        parameters.add(tables.get(k)[0].row(i));
        data.add(i == 0 ? none : x.row(i));
        rounds.add(first + k);
        outcomes.add(i == 0 ? "timeout" : SimulationTable.OK);
      }
    }
    return new SimulationTable(
        Matrix.of(parameters.toArray(double[][]::new)),
        Matrix.of(data.toArray(double[][]::new)),
        rounds.stream().mapToInt(Integer::intValue).toArray(),
        outcomes);
  }

  @Override
  public Posterior load(Problem problem, ModelReader reader, EstimatorContext context) {
    return new Believer((SimulatorProblem) problem, (Config) reader.card().config());
  }

  private record Believer(SimulatorProblem problem, Config config) implements AmortisedPosterior {
    @Override
    public int observationSize() {
      return 3;
    }

    @Override
    public Matrix sample(int n, Seed seed) {
      return sample(n, problem.observation().slice(0, 1), seed);
    }

    /** Uniform around the first two numbers, cut at the prior's ends. */
    @Override
    public Matrix sample(int perObservation, Matrix observations, Seed seed) {
      SplittableRandom random = seed.generator();
      Matrix out = Matrix.zeros(perObservation * observations.rows(), 2);
      for (int i = 0; i < out.rows(); i++) {
        for (int j = 0; j < 2; j++) {
          double centre = observations.get(i / perObservation, j);
          double low = Math.max(0, centre - config.width());
          double high = Math.min(1, centre + config.width());
          out.values()[2 * i + j] = low + (high - low) * random.nextDouble();
        }
      }
      return out;
    }

    @Override
    public Optional<LogDensity.Relation> logDensityRelation() {
      return Optional.of(LogDensity.Relation.EXACT);
    }

    @Override
    public double[] logDensity(Matrix parameters) {
      Matrix repeated = problem.observation().select(new int[parameters.rows()]);
      return logDensity(parameters, repeated);
    }

    @Override
    public double[] logDensity(Matrix parameters, Matrix observations) {
      double[] out = new double[parameters.rows()];
      for (int i = 0; i < out.length; i++) {
        for (int j = 0; j < 2; j++) {
          double away = Math.abs(parameters.get(i, j) - observations.get(i, j));
          out[i] +=
              away <= config.width() ? -Math.log(2 * config.width()) : Double.NEGATIVE_INFINITY;
        }
      }
      return out;
    }

    @Override
    public Diagnostics diagnostics() {
      return new Diagnostics(
          Diagnostics.Verdict.DOUBTFUL,
          List.of("It has learnt nothing."),
          new TreeMap<>(Map.of("acceptance", 0.9)),
          List.of(
              Check.atLeast("acceptance", 0.9, 0.01, "Nine in ten."),
              Check.atMost("knowledge", 0.5, 0.25, "It has learnt nothing."),
              Check.notMade("local", "There is no time.")),
          new TreeMap<>(Map.of("r_hat", List.of(1.25, 1.5))));
    }

    @Override
    public List<Graph> graphs() {
      return List.of(
          new Graph(
              "ranks",
              "Ranks.",
              "rank",
              "count",
              List.of(
                  new Graph.Line(
                      "ranks", Graph.Style.LINE, new double[] {0, 1}, new double[] {2, 3}),
                  new Graph.Line(
                      "expected",
                      Graph.Style.REFERENCE,
                      new double[] {0, 1},
                      new double[] {1, 1}))));
    }

    @Override
    public void save(ModelWriter writer) {
      writer.value("learnt", "nothing");
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
