package org.thalweg.vi;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.train.TrainingLoop;

/**
 * Variational inference: finds the units of a problem, trains an approximation by its lower bound,
 * once or from several starts, and judges the best one.
 *
 * @param name of the method
 * @param config its options, for the label of checkpoints
 * @param settings what it does
 * @param context where it computes
 */
record VariationalFit(String name, Record config, Settings settings, EstimatorContext context)
    implements Inference {
  /** Draws that a fit is judged by: k-hat varies by a tenth or so with them. */
  private static final int JUDGED = 10_000;

  /**
   * What a method does.
   *
   * @param family the approximations
   * @param axes whether the frame keeps to the axes
   * @param fitting how they are trained
   * @param advice what to try where the fit is bad
   */
  record Settings(Family family, Axes axes, Fitting fitting, String advice) {}

  private record Attempt(Approximation approximation, double bound) {}

  @Override
  public Posterior infer(Problem problem, InferenceOptions options, InferenceListener listener) {
    RealTarget target = new RealTarget(context.engine(), require(problem));
    Probe probe = new Probe(target);
    Optional<Attempt> best = Optional.empty();
    int restarts = settings.fitting().restarts();
    for (int r = 0; r < restarts; r++) {
      Seed seed = options.seed().child("restart").child(r);
      Matrix starts = probe.starts(settings.fitting().walks(), seed.child("probe"));
      Frame found = new Start(target).frame(starts, seed.child("start"));
      probe.requireProper(found);
      Frame frame = settings.axes() == Axes.KEPT ? found.diagonal() : found;
      Attempt attempt = train(target, frame, seed, options, listener);
      if (restarts > 1) {
        listener.on(
            new InferenceEvent.Warned(
                "Start %d of %d: lower bound %.3f nats."
                    .formatted(r + 1, restarts, attempt.bound())));
      }
      if (best.isEmpty() || attempt.bound() > best.get().bound()) {
        best = Optional.of(attempt);
      }
    }
    Approximation approximation = best.orElseThrow().approximation();
    return new VariationalPosterior(
        problem,
        approximation,
        Judgement.of(
            target, approximation, JUDGED, settings.advice(), options.seed().child("judged")));
  }

  private LogDensityProblem require(Problem problem) {
    if (!(problem instanceof LogDensityProblem joint)) {
      throw ThalwegException.usage(
          "Method '%s' needs a log-density, '%s' is a simulator: name a --target, or a method for "
              + "simulators.",
          name, problem.name());
    }
    if (!joint.differentiable()) {
      throw ThalwegException.usage(
          "Method '%s' follows the gradient, which target '%s' says it does not have.",
          name, problem.name());
    }
    return joint;
  }

  private Attempt train(
      RealTarget target,
      Frame frame,
      Seed seed,
      InferenceOptions options,
      InferenceListener listener) {
    Fitting fitting = settings.fitting();
    Approximation approximation =
        Approximation.build(settings.family(), frame, context.engine(), context.registry(), seed);
    requireCheap(approximation);
    LowerBound bound = new LowerBound(target, approximation, fitting, seed);
    Optional<Duration> limit = options.timeLimit().map(all -> all.dividedBy(fitting.restarts()));
    Checkpoints checkpoints = fitting.restarts() == 1 ? options.checkpoints() : Checkpoints.NONE;
    FitOptions run = new FitOptions(seed.child("training"), Split.DEFAULT, limit, checkpoints);
    TrainingLoop loop =
        new TrainingLoop(
            context.engine(),
            approximation.store(),
            fitting.training(),
            fitting.averaging(),
            bound,
            run,
            watched(listener),
            card(options, frame.dimension()));
    TrainingLoop.Result result = finite(loop, target);
    return new Attempt(approximation, result.best());
  }

  /** A run's result; where there is none, the target is the cause, and not rows of a table. */
  private static TrainingLoop.Result finite(TrainingLoop loop, RealTarget target) {
    String reason =
        "The lower bound of target '%s' was never finite: the target has no mass, or is not a number, "
            + "at draws of every approximation. Declare the support with the parameters, or try a "
            + "smaller learning-rate.";
    try {
      TrainingLoop.Result result = loop.run();
      if (Double.isFinite(result.best())) {
        return result;
      }
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
    }
    throw new ThalwegException(ExitCode.DIVERGED, reason.formatted(target.problem().name()));
  }

  /** Training draws in every step, and the path's gradient needs densities of the draws too. */
  private void requireCheap(Approximation approximation) {
    try (Tape tape = context.engine().newTape(Tape.Mode.EVALUATE)) {
      Density q = approximation.bind(tape, Binding.Mode.EVALUATE, new Seed(0));
      if (q.sampleCost() != Cost.ONE_PASS) {
        throw ThalwegException.usage(
            "Method '%s' draws in every step, and drawing from this flow is %s: choose one that "
                + "draws in one pass, such as a coupling flow, or set its 'fast' to 'sampling'.",
            name, q.sampleCost());
      }
      boolean path = settings.fitting().gradient() == Fitting.Gradient.PATH;
      if (path && q.densityCost() != Cost.ONE_PASS) {
        throw ThalwegException.usage(
            "The path gradient needs the flow's density too, which is %s: choose gradient=total, or"
                + " a coupling flow.",
            q.densityCost());
      }
    }
  }

  private ModelCard card(InferenceOptions options, int dimension) {
    return new ModelCard(
        name,
        config,
        Schema.features(dimension),
        options.seed().value(),
        context.engine().numbers(),
        new TreeMap<>());
  }

  private static FitListener watched(InferenceListener listener) {
    return new FitListener() {
      @Override
      public void on(FitEvent event) {
        listener.on(new InferenceEvent.Training(event));
      }

      @Override
      public boolean interrupted() {
        return listener.interrupted();
      }
    };
  }
}
