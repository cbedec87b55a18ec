package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Workers;

/**
 * The evidence lower bound {@code E_q[log p(x, y) - log q(y)]} by draws that are differentiated
 * (Kingma and Welling, 2014, section 2.4; "Variational inference with flows", eqs. 7 and 56). Where
 * it is annealed, {@code log p} has a weight below 1 at first (Rezende and Mohamed, 2015, eq. 20).
 * Where the order a of the divergence is below 1, the bound is Renyi's, {@code log E_q[(p / q)^(1 -
 * a)] / (1 - a)}, by the draws of a step (Li and Turner, 2016, Renyi divergence variational
 * inference, eq. 12): it is nearer to the evidence, and regions that q leaves out count for more.
 */
final class LowerBound implements Objective {
  private static final double FIRST_WEIGHT = 0.01;
  private static final int CHUNK = 1000;

  private final RealTarget target;
  private final Approximation approximation;
  private final Fitting fitting;
  private final Seed judged;

  LowerBound(RealTarget target, Approximation approximation, Fitting fitting, Seed seed) {
    this.target = target;
    this.approximation = approximation;
    this.fitting = fitting;
    this.judged = seed.child("judge");
  }

  /** The draws of all steps between two judgements. */
  @Override
  public int trainingRows() {
    return Math.multiplyExact(fitting.draws(), fitting.judgeEvery());
  }

  @Override
  public int validationRows() {
    return fitting.judgeDraws();
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    Density q = approximation.bind(tape, Binding.Mode.TRAIN, share.seed());
    Density.Draw draw = q.sampleWithLogDensity(share.size(), share.seed().child("draws"));
    NDArray logTarget = target.logDensity(tape, approximation.frame().apply(tape, draw.value()));
    NDArray logDensity =
        fitting.gradient() == Fitting.Gradient.TOTAL
            ? draw.logDensity()
            : fixed(tape, share.seed()).logDensity(draw.value());
    double rest = (1 - fitting.order()) * late(share);
    double volume = approximation.frame().logAbsDet();
    if (rest == 0) {
      return logDensity.mean().sub(logTarget.mean().mul(weight(share))).sub(volume);
    }
    NDArray powers = logTarget.mul(weight(share)).sub(logDensity).mul(rest);
    return Ops.logSumExp(powers, 0).sub(Math.log(share.size())).div(rest).add(volume).neg();
  }

  /** The same density without a gradient by its parameters. */
  private Density fixed(Tape tape, Seed seed) {
    return approximation.bind(new FixedTape(tape), Binding.Mode.TRAIN, seed);
  }

  /** 0 for half of the steps, then rising to 1: ratios of a bad approximation are too wild. */
  private static double late(Share share) {
    return Math.max(0, 2.0 * share.step() / share.totalSteps() - 1);
  }

  private double weight(Share share) {
    double rising = fitting.annealing() * share.totalSteps();
    return share.step() >= rising ? 1 : Math.max(FIRST_WEIGHT, share.step() / rising);
  }

  @Override
  public double validate(Workers workers) {
    int chunks = (fitting.judgeDraws() + CHUNK - 1) / CHUNK;
    double[] logRatios =
        workers.map(chunks, this::logRatios).stream().flatMapToDouble(Arrays::stream).toArray();
    double rest = 1 - fitting.order();
    if (rest == 0) {
      return Arrays.stream(logRatios).sum() / logRatios.length;
    }
    double most = Arrays.stream(logRatios).max().orElseThrow();
    double sum = Arrays.stream(logRatios).map(r -> Math.exp(rest * (r - most))).sum();
    return most + Math.log(sum / logRatios.length) / rest;
  }

  private double[] logRatios(int chunk) {
    int count = Math.min(CHUNK, fitting.judgeDraws() - chunk * CHUNK);
    Approximation.Drawn drawn = approximation.draw(count, judged.child(chunk));
    double[] out = target.logDensity(drawn.reals());
    for (int i = 0; i < count; i++) {
      out[i] -= drawn.logDensity()[i];
    }
    return out;
  }
}
