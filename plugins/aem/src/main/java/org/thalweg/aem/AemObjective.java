package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * {@code -(log p + log q) / 2} (Durkan and Nash, 2019, eq. 10, halved so that it reads as nats a
 * row); {@code -log q} alone while the proposal warms up, {@code -log p} alone where the proposal
 * is fixed.
 *
 * <p>Validation rows are judged by the same mean, with one change: a row counts among its own
 * importance samples. That keeps the estimate of p below {@code (S + 1) q}: where samples miss the
 * data, log p as it is trained seems better without end, and the weights that flatter most would be
 * kept.
 */
final class AemObjective implements Objective {
  /** Validation is a small part of an epoch. */
  private static final int MOST_VALIDATION_ROWS = 1000;

  private static final int VALIDATION_SAMPLES = 100;

  private final AemConfig config;
  private final AemNets nets;
  private final AemScoring scoring;
  private final EnergyLikelihood energy;
  private final TrainingRows train;
  private final Rows validation;
  private final double[] validationWeights;
  private final Seed draws;

  AemObjective(
      AemConfig config,
      AemNets nets,
      AemScoring scoring,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      Seed seed) {
    this.config = config;
    this.nets = nets;
    this.scoring = scoring;
    this.energy = new EnergyLikelihood(nets, config.samples());
    this.train = new TrainingRows(train, standardiser, seed);
    this.draws = seed.child("validation");
    int[] some =
        Arrays.stream(Splitter.shuffled(validation.size(), draws))
            .limit(MOST_VALIDATION_ROWS)
            .toArray();
    this.validation = Dequantiser.apply(validation.rows().select(some), validation.schema(), draws);
    this.validationWeights = FitTable.normalised(this.validation);
  }

  @Override
  public int trainingRows() {
    return train.size();
  }

  @Override
  public int validationRows() {
    return validation.size();
  }

  @Override
  public void release() {
    train.release();
  }

  /** The steps in which the proposal alone is trained. */
  private boolean warming(Share share) {
    return share.step() < Math.min(config.warmUp(), share.totalSteps() / 4);
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    TrainingRows.Batch batch = train.batch(share.rows(), share.epoch());
    int n = batch.size();
    int d = nets.dimension();
    NDArray x = batch.features(tape);
    Conditionals conditionals =
        nets.conditioner()
            .bind(new Binding(tape, Binding.Mode.TRAIN, share.seed().child("masked")))
            .given(batch.contexts(tape))
            .all(x);
    double[] weights = new double[n * d];
    Arrays.setAll(weights, g -> batch.weights()[g / d] / n);
    boolean learnt = nets.proposal().outputs() > 0;
    NDArray logDensity = Ops.number(x, 0);
    if (learnt) {
      NDArray logProposal =
          nets.proposal()
              .logDensity(x.reshape(new Shape((long) n * d, 1)), conditionals.parameters());
      NDArray each = logProposal.reshape(new Shape((long) n * d));
      logDensity = each.mul(tape.constant(weights, each.getShape())).sum();
    }
    if (!learnt || !warming(share)) {
      Seed own = share.seed().child("energy");
      NDArray ofEnergy = energy.weightedSum(tape, conditionals, batch.features(), weights, own);
      logDensity = learnt ? logDensity.add(ofEnergy).mul(Ops.number(x, 0.5)) : ofEnergy;
    }
    return logDensity.add(Ops.number(x, batch.meanLogAbsDet())).neg();
  }

  @Override
  public double validate(Workers workers) {
    AemScoring.Estimates estimates =
        scoring.estimate(validation, VALIDATION_SAMPLES, draws, workers);
    double sum = 0;
    for (int i = 0; i < validationWeights.length; i++) {
      double score =
          nets.proposal().outputs() > 0
              ? 0.5 * (estimates.guarded()[i] + estimates.proposal()[i])
              : estimates.guarded()[i];
      sum += validationWeights[i] * score;
    }
    return sum / validationWeights.length;
  }
}
