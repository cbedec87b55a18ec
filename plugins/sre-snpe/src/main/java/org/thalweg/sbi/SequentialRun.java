package org.thalweg.sbi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.toolkit.infer.StoredDiagnostics;
import org.thalweg.toolkit.train.CheckpointMatch;

/**
 * One inference: rounds of drawing parameters from a proposal, simulating, and training on all
 * simulations so far (Durkan, Murray and Papamakarios, 2020, algorithm 1). The first proposal is
 * the prior.
 *
 * <p>Everything random is a function of the seed and the round, and simulations are kept as they
 * are made, so that an inference that was killed goes on without running one again.
 */
final class SequentialRun {
  /** Draws of the prior that the parameters' scales are measured on. */
  private static final int SCALED_DRAWS = 10_000;

  private final Recipe recipe;
  private final SimulatorProblem problem;
  private final EstimatorContext context;
  private final InferenceOptions options;
  private final InferenceListener listener;
  private final Seed seed;
  private final Simulating simulating;
  private final long start = System.nanoTime();
  private Simulations simulations;
  private int trained;
  private Judgement judgement = new Judgement();

  SequentialRun(
      Recipe recipe,
      SimulatorProblem problem,
      EstimatorContext context,
      InferenceOptions options,
      InferenceListener listener) {
    this.recipe = recipe;
    this.problem = problem;
    this.context = context;
    this.options = options;
    this.listener = listener;
    this.seed = options.seed();
    this.simulating =
        new Simulating(
            new SimulationRunner(
                problem.simulator(), context.engine().parallelism(), recipe.common().simulation()),
            recipe.common().simulation(),
            recipe.common().training().checkpointSeconds(),
            listener,
            options.simulations());
    this.simulations =
        new Simulations(SupportMap.names(problem.prior()).size(), problem.observation().columns());
  }

  LearntPosterior run() {
    check();
    Matrix draws = problem.prior().sample(SCALED_DRAWS, seed.child("scale"));
    ParameterSpace space = ParameterSpace.of(problem.prior(), recipe.common().support(), draws);
    Optional<ModelReader> kept = options.checkpoints().latest();
    kept.ifPresent(this::resume);
    Optional<Learnt> learnt = Optional.empty();
    Optional<Trainer> trainer = Optional.empty();
    for (int round = 1; round <= options.rounds(); round++) {
      listener.on(new InferenceEvent.RoundStarted(round, options.rounds()));
      if (round > 1 && late()) {
        break;
      }
      if (simulations.lastRound() < round) {
        simulations.plan(round, proposal(round, learnt));
        checkpoint(learnt);
      }
      boolean whole = true;
      if (round > trained) {
        // Not before: what is pending is the next round's, and what is learnt not yet at hand. A
        // run that was stopped later than this has nothing pending, and its failures to judge.
        whole = simulate(round, learnt);
      }
      Simulations.Used used = upTo(round);
      if (learnt.isEmpty()) {
        ObservationScale scale = ObservationScale.of(used.data());
        PointFeatures features =
            PointFeatures.of(space, space.points(used.parameters()), space.points(draws));
        Learnt fresh =
            LearntFile.fresh(recipe, space, features, scale, context, seed.child("weights"));
        trainer = Optional.of(new Trainer(recipe, fresh, options, listener, card()));
        kept.filter(r -> trained > 0).ifPresent(fresh.store()::load);
        learnt = Optional.of(fresh);
      }
      if (round > trained) {
        trainer.orElseThrow().train(used, round, remaining(), judgement);
        trained = round;
        checkpoint(learnt);
      }
      if (!whole) {
        break;
      }
    }
    return finish(learnt.orElseThrow());
  }

  private void check() {
    int rounds = options.rounds();
    if (rounds < 1) {
      throw ThalwegException.usage("There must be at least 1 round, got %d.", rounds);
    }
    if (recipe.rounds() == Recipe.Rounds.ONE && rounds > 1) {
      throw ThalwegException.usage(
          "Method '%s' takes one round, which serves every observation; %d were asked for. Choose a"
              + " sequential method: snpe-c, tsnpe, snl or sre.",
          recipe.name(), rounds);
    }
    if (options.simulations() < Failures.FEWEST_USED * rounds) {
      throw ThalwegException.usage(
          "%d simulations in %d rounds are too few to learn from: ask for at least %d.",
          options.simulations(), rounds, Failures.FEWEST_USED * rounds);
    }
    boolean direct = recipe.common().sampling().sampler() == SamplerConfig.Kind.DIRECT;
    if (direct && !(recipe instanceof PosteriorRecipe)) {
      throw ThalwegException.usage(
          "Method '%s' learns what cannot be drawn from directly: choose sampler slice, hmc, "
              + "rejection or sir.",
          recipe.name());
    }
    Observations.require(problem.observation());
  }

  /** The simulations of a round: the budget divided evenly, what is left over in the last. */
  private int budget(int round) {
    int each = options.simulations() / options.rounds();
    return round == options.rounds() ? options.simulations() - each * (options.rounds() - 1) : each;
  }

  private Matrix proposal(int round, Optional<Learnt> learnt) {
    Seed own = seed.child("proposal").child(round);
    int n = budget(round);
    if (learnt.isEmpty()) {
      return problem.prior().sample(n, own);
    }
    Judgement seen = new Judgement();
    Matrix out = recipe.propose(learnt.get(), problem.observation(), n, own, seen);
    seen.result()
        .figures()
        .forEach((name, value) -> judgement.figure(name + "_before_round_" + round, value));
    seen.result().reasons().forEach(r -> listener.on(new InferenceEvent.Warned(r)));
    return out;
  }

  /** Whether there was time for all of it. */
  private boolean simulate(int round, Optional<Learnt> learnt) {
    Simulating.End end =
        simulating.run(
            simulations,
            seed.child("simulate"),
            remaining().map(left -> left.dividedBy(2)),
            () -> checkpoint(learnt));
    listener.on(new InferenceEvent.RoundSimulated(simulations.table()));
    if (end == Simulating.End.INTERRUPTED) {
      throw interrupted("while simulating");
    }
    boolean cut = end == Simulating.End.TIME_LIMIT;
    if (cut) {
      Failures.cut(simulations, options);
    }
    Failures.require(simulations, recipe.common().simulation(), listener);
    return !cut;
  }

  private ThalwegException interrupted(String when) {
    String rest =
        options.checkpoints() == Checkpoints.NONE
            ? "nothing was kept, as no checkpoints were asked for"
            : "the simulations are kept, and --resume goes on from them";
    return new ThalwegException(ExitCode.INTERRUPTED, "Interrupted " + when + "; " + rest + ".");
  }

  /** Later rounds may be in a checkpoint that was taken while they were simulated. */
  private Simulations.Used upTo(int round) {
    Simulations.Used all = simulations.used();
    int n = 0;
    while (n < all.size() && all.rounds()[n] <= round) {
      n++;
    }
    return new Simulations.Used(
        all.parameters().slice(0, n), all.data().slice(0, n), Arrays.copyOf(all.rounds(), n));
  }

  private LearntPosterior finish(Learnt learnt) {
    judgement.figure("rounds", trained);
    judgement.figure("simulations", simulations.done());
    // Not round by round: a run that was cut and goes on may have made up for it.
    Failures.judge(simulations, trained, options, judgement);
    Simulations.Used used = simulations.used();
    Range.of(used.data()).judge(problem.observation(), judgement);
    Diagnostics training = judgement.result();
    int[] validation =
        Trainer.rows(seed, recipe.common().validation(), used.size(), Trainer.Part.VALIDATION);
    CheckMaterial material =
        CheckMaterial.of(recipe.common().check(), used, validation, listener::interrupted);
    return LearntFile.posterior(
        recipe,
        problem,
        learnt,
        training,
        trained,
        seed,
        Optional.of(material),
        Optional.of(simulations.table().used()));
  }

  private Optional<Duration> remaining() {
    return options
        .timeLimit()
        .map(limit -> limit.minusNanos(System.nanoTime() - start))
        .map(left -> left.isNegative() ? Duration.ofMillis(1) : left);
  }

  private boolean late() {
    return options
        .timeLimit()
        .map(limit -> System.nanoTime() - start > limit.toNanos())
        .orElse(false);
  }

  private void checkpoint(Optional<Learnt> learnt) {
    options
        .checkpoints()
        .save(
            card(),
            writer -> {
              simulations.save(writer);
              writer.value("trained", trained);
              writer.value("shares", shares());
              writer.value("judgement", StoredDiagnostics.toMap(judgement.result()));
              learnt.ifPresent(l -> l.store().save(writer));
            });
  }

  private void resume(ModelReader reader) {
    ModelCard now = card();
    refuse("method", reader.card().estimator(), now.estimator());
    refuse("seed", reader.card().seed(), now.seed());
    refuse("engine", reader.card().engine(), now.engine());
    refuse("budget", reader.card().metrics(), now.metrics());
    if (!reader.card().config().equals(now.config())
        || !reader.card().schema().equals(now.schema())) {
      throw ThalwegException.usage(
          "The checkpoint was made with other options or another problem. Use the same, or start "
              + "afresh without --resume.");
    }
    CheckpointMatch.requireShares(reader, shares());
    simulations = Simulations.load(reader);
    trained = ((Number) reader.values().get("trained")).intValue();
    judgement = new Judgement(StoredDiagnostics.of(reader.values().get("judgement")));
    simulating.tell(simulations);
    listener.on(new InferenceEvent.RoundSimulated(simulations.table()));
  }

  /** The devices that a batch is divided over; the threads of the processor may be others. */
  private int shares() {
    Engine engine = context.engine();
    return engine.hostViews() ? 1 : engine.shares();
  }

  private static void refuse(String what, Object then, Object now) {
    if (!then.equals(now)) {
      throw ThalwegException.usage(
          "The checkpoint was made with another %s: %s then, %s now. Use the same, or start afresh "
              + "without --resume.",
          what, then, now);
    }
  }

  private ModelCard card() {
    List<Column> columns = new ArrayList<>();
    SupportMap.names(problem.prior()).forEach(name -> columns.add(Column.feature(name)));
    for (int j = 1; j <= problem.observation().columns(); j++) {
      columns.add(Column.context("observation_" + j));
    }
    TreeMap<String, Double> metrics = new TreeMap<>();
    metrics.put("budget", (double) options.simulations());
    metrics.put("budget_rounds", (double) options.rounds());
    double[] observed = problem.observation().values();
    metrics.put("observation_hash", (double) Arrays.hashCode(observed));
    return new ModelCard(
        recipe.name(),
        recipe.config(),
        new Schema(columns),
        seed.value(),
        context.engine().numbers(),
        metrics);
  }
}
