package org.thalweg.sbi;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.StoredDiagnostics;

/** The posterior of a problem, from what was learnt of its simulations. */
class LearntPosterior implements Posterior {
  /** Draws that a posterior is judged by where none were asked for. */
  private static final int JUDGED_DRAWS = 1000;

  private final SimulatorProblem problem;
  final Learnt learnt;
  final PosteriorSampler sampler;
  private final Diagnostics training;
  private final LogDensity.Relation relation;
  private final Seed seed;
  private final Common options;
  private final Optional<CheckMaterial> material;
  private final Optional<SimulationTable> simulations;
  private final AtomicReference<Optional<Checks>> checked = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<Judgement>> seen = new AtomicReference<>(Optional.empty());

  /**
   * A posterior.
   *
   * @param options what all methods have options for
   * @param training what training and simulating said about it
   * @param relation how a density of one observation relates to the truth
   * @param seed the origin of what its own judgement draws
   * @param material what it can be checked with; empty where it was read from a file
   * @param simulations what it was learnt from, where that is known
   */
  LearntPosterior(
      SimulatorProblem problem,
      Learnt learnt,
      Common options,
      Diagnostics training,
      LogDensity.Relation relation,
      Seed seed,
      Optional<CheckMaterial> material,
      Optional<SimulationTable> simulations) {
    this.problem = problem;
    this.learnt = learnt;
    this.sampler = new PosteriorSampler(learnt, options.sampling());
    this.training = training;
    this.relation = relation;
    this.seed = seed;
    this.options = options;
    this.material = material;
    this.simulations = simulations;
  }

  @Override
  public final SimulatorProblem problem() {
    return problem;
  }

  @Override
  public final Matrix sample(int n, Seed from) {
    int each = problem.observation().rows();
    PosteriorSampler.Drawn drawn = sampler.draw(n, problem.observation(), each, from);
    seen.set(Optional.of(drawn.judgement()));
    return drawn.parameters();
  }

  @Override
  public final Optional<LogDensity.Relation> logDensityRelation() {
    return Optional.of(
        problem.observation().rows() == 1 ? relation : LogDensity.Relation.UNNORMALISED);
  }

  @Override
  public final double[] logDensity(Matrix parameters) {
    requireParameters(parameters);
    return density(parameters, problem.observation(), problem.observation().rows());
  }

  /**
   * Densities of parameters.
   *
   * @param observations one group of {@code each} for all parameters, or one group for each
   */
  final double[] density(Matrix parameters, Matrix observations, int each) {
    int n = parameters.rows();
    double[] out = new double[n];
    Arrays.fill(out, Double.NEGATIVE_INFINITY);
    int[] rows = reached(parameters);
    if (rows.length == 0) {
      return out;
    }
    double[] points = learnt.space().points(parameters.select(rows));
    var potential = new PosteriorPotential(learnt, learnt.scale().apply(observations), each);
    double[] values = potential.logDensity(rows, points);
    double[] jacobian = learnt.space().mapped(points).logAbsDet();
    double[] mass = sampler.logMass(observations, each);
    for (int i = 0; i < rows.length; i++) {
      out[rows[i]] = values[i] - jacobian[i] - mass[mass.length == 1 ? 0 : rows[i]];
    }
    return out;
  }

  /** The rows that the prior has a density at and a point stands for. */
  private int[] reached(Matrix parameters) {
    boolean[] inside = learnt.space().inside(parameters);
    int[] rows = IntStream.range(0, inside.length).filter(i -> inside[i]).toArray();
    int p = learnt.space().dimension();
    double[] points = learnt.space().points(parameters.select(rows));
    return IntStream.range(0, rows.length)
        .filter(i -> Arrays.stream(points, i * p, (i + 1) * p).allMatch(Double::isFinite))
        .map(i -> rows[i])
        .toArray();
  }

  final void requireParameters(Matrix parameters) {
    int p = learnt.space().names().size();
    if (parameters.columns() != p) {
      throw ThalwegException.usage(
          "Problem '%s' has %d parameters, the rows have %d numbers.",
          problem.name(), p, parameters.columns());
    }
  }

  @Override
  public final synchronized Diagnostics diagnostics() {
    if (seen.get().isEmpty()) {
      sample(JUDGED_DRAWS, seed.child("judge"));
    }
    return new Judgement(lasting()).add(seen.get().orElseThrow().result()).result();
  }

  /** What does not depend on the draws that were asked for. */
  private Diagnostics lasting() {
    if (material.isEmpty()) {
      return training;
    }
    return new Judgement(training).add(checks(material.get()).diagnostics()).result();
  }

  private Checks checks(CheckMaterial with) {
    if (checked.get().isEmpty()) {
      Checks checks = new Checks(problem, with, seed.child("check"));
      checks.failures(training).misspecification().knowledge(this::ratio);
      calibrate(checks);
      if (checks.predicted() == 0 || with.interrupted().getAsBoolean()) {
        checks.notPredicted();
      } else {
        Optional<Judgement> before = seen.get();
        Matrix draws = sample(checks.predicted(), seed.child("predicted"));
        seen.set(before.isPresent() ? before : seen.get());
        checks.predictive(draws, options.simulation(), learnt.engine().parallelism());
      }
      checked.set(Optional.of(checks));
    }
    return checked.get().orElseThrow();
  }

  /** Calibration, where the posterior is one for every observation. */
  void calibrate(Checks checks) {
    checks.not(
        new String[] {Checks.SBC, Checks.TARP, Checks.LOCAL},
        "The posterior was refined for one observation, and calibration takes many.");
  }

  /** The log of posterior over prior for pairs, up to a number that depends on the data alone. */
  final double[] ratio(Matrix parameters, Matrix observations) {
    double[] points = learnt.space().points(parameters);
    double[] out =
        new PosteriorPotential(learnt, learnt.scale().apply(observations), 1)
            .logDensity(IntStream.range(0, parameters.rows()).toArray(), points);
    double[] prior = learnt.space().logPrior(points);
    for (int i = 0; i < out.length; i++) {
      out[i] = prior[i] > Double.NEGATIVE_INFINITY ? out[i] - prior[i] : prior[i];
    }
    return out;
  }

  @Override
  public final synchronized List<Graph> graphs() {
    return material.map(with -> checks(with).graphs()).orElse(List.of());
  }

  @Override
  public final Optional<SimulationTable> simulations() {
    return simulations;
  }

  @Override
  public final synchronized void save(ModelWriter writer) {
    writer.value("space", learnt.space().toMap());
    writer.value("features", learnt.features().toMap());
    writer.value("scale", learnt.scale().toMap());
    writer.value("training", StoredDiagnostics.toMap(lasting()));
    learnt.store().save(writer);
  }

  @Override
  public final void close() {
    learnt.workers().close();
  }
}
