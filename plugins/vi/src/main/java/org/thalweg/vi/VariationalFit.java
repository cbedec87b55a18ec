package org.thalweg.vi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  @Override
  public Posterior infer(Problem problem, InferenceOptions options, InferenceListener listener) {
    RealTarget target = new RealTarget(context.engine(), require(problem));
    Probe probe = new Probe(target);
    Attempts attempts = new Attempts(options.checkpoints());
    int restarts = settings.fitting().restarts();
    List<Frame> frames = new ArrayList<>();
    List<Frame> walks = new ArrayList<>();
    for (int r = 0; r < restarts; r++) {
      Seed seed = seed(options, r);
      Matrix starts = probe.starts(settings.fitting().walks(), seed.child("probe"));
      Start.Found found = new Start(target).walk(starts, seed.child("start"));
      probe.requireProper(found.frame());
      frames.add(settings.axes() == Axes.KEPT ? found.frame().diagonal() : found.frame());
      walks.addAll(found.normals());
      if (r >= attempts.first()) {
        attempt(r, attempts, target, frames.get(r), options, listener);
      }
    }
    Attempts.Attempt best = attempts.best();
    Approximation approximation = build(frames.get(best.start()), seed(options, best.start()));
    approximation.store().restore(best.weights());
    return new VariationalPosterior(
        problem,
        approximation,
        new Judgement(target, approximation, settings.advice())
            .of(JUDGED, walks, best.rise(), options.seed().child("judged")));
  }

  private static Seed seed(InferenceOptions options, int start) {
    return options.seed().child("restart").child(start);
  }

  private Approximation build(Frame frame, Seed seed) {
    return Approximation.build(
        settings.family(), frame, context.engine(), context.registry(), seed);
  }

  /** Trains once; one of several that diverges is left out. */
  private void attempt(
      int start,
      Attempts attempts,
      RealTarget target,
      Frame frame,
      InferenceOptions options,
      InferenceListener listener) {
    int restarts = settings.fitting().restarts();
    try {
      Attempts.Attempt attempt = train(start, target, frame, options, attempts.of(start), listener);
      attempts.offer(attempt);
      if (restarts > 1) {
        String said = "Start %d of %d: lower bound %.3f nats.";
        listener.on(new InferenceEvent.Noted(said.formatted(start + 1, restarts, attempt.bound())));
      }
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.DIVERGED) {
        throw e;
      }
      attempts.failed(e);
      if (restarts > 1) {
        String said = "Start %d of %d is left out. %s";
        listener.on(new InferenceEvent.Warned(said.formatted(start + 1, restarts, e.getMessage())));
      }
    }
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

  private Attempts.Attempt train(
      int start,
      RealTarget target,
      Frame frame,
      InferenceOptions options,
      Checkpoints checkpoints,
      InferenceListener listener) {
    Fitting fitting = settings.fitting();
    Seed seed = seed(options, start);
    Approximation approximation = build(frame, seed);
    requireCheap(approximation);
    LowerBound bound = new LowerBound(target, approximation, fitting, seed);
    Optional<Duration> limit = options.timeLimit().map(all -> all.dividedBy(fitting.restarts()));
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
    return new Attempts.Attempt(
        start,
        result.best(),
        Settling.rise(result.history(), result.steps(), fitting.schedule()),
        approximation.store().snapshot());
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
