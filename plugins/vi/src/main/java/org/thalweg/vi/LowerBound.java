package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Density;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Workers;

/**
 * The evidence lower bound {@code E_q[log p(x, y) - log q(y)]} by draws that are differentiated
 * (Kingma and Welling, 2014, section 2.4; "Variational inference with flows", eqs. 7 and 56). Where
 * it is annealed, {@code log p} has a weight below 1 at first (Rezende and Mohamed, 2015, eq. 20).
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
    return logDensity
        .mean()
        .sub(logTarget.mean().mul(weight(share)))
        .sub(approximation.frame().logAbsDet());
  }

  /** The same density without a gradient by its parameters. */
  private Density fixed(Tape tape, Seed seed) {
    return approximation.bind(new FixedTape(tape), Binding.Mode.TRAIN, seed);
  }

  private double weight(Share share) {
    double rising = fitting.annealing() * share.totalSteps();
    return share.step() >= rising ? 1 : Math.max(FIRST_WEIGHT, share.step() / rising);
  }

  @Override
  public double validate(Workers workers) {
    int chunks = (fitting.judgeDraws() + CHUNK - 1) / CHUNK;
    return workers.map(chunks, this::sum).stream().mapToDouble(Double::doubleValue).sum()
        / fitting.judgeDraws();
  }

  private double sum(int chunk) {
    int count = Math.min(CHUNK, fitting.judgeDraws() - chunk * CHUNK);
    Approximation.Drawn drawn = approximation.draw(count, judged.child(chunk));
    double[] logTarget = target.logDensity(drawn.reals());
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += logTarget[i] - drawn.logDensity()[i];
    }
    return sum;
  }
}
