package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * Denoising score matching (Song and others, 2021, eq. 4): the mean over times and noises of {@code
 * factor |r|^2 / 2}, see {@link Weighting}. Under the likelihood's weightings what does not depend
 * on the net is added, so that the loss is, on average, the negative of the uncorrected bound on
 * the log-density in the user's units.
 *
 * <p>The times of a batch are stratified: row i of B has the i-th of B equal parts.
 */
final class DenoisingObjective implements Objective {
  /** Times of a validation row; the same at each validation, so that only weights differ. */
  private static final int VALIDATION_TIMES = 8;

  private final Parts parts;
  private final TrainingRows train;
  private final Seed noise;
  private final Rows validation;
  private final double[] validationWeights;
  private final Seed validationSeed;

  DenoisingObjective(Parts parts, Dataset train, Dataset validation, Seed seed) {
    this.parts = parts;
    this.train = new TrainingRows(train, parts.standardiser(), seed);
    this.noise = seed.child("noise");
    this.validationSeed = seed.child("validation");
    this.validation = Dequantiser.apply(validation.rows(), validation.schema(), validationSeed);
    this.validationWeights = FitTable.normalised(validation.rows());
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

  @Override
  public NDArray loss(Tape tape, Share share) {
    int[] rows = share.rows();
    int n = rows.length;
    int d = parts.dimension();
    Seed epoch = noise.child(share.epoch());
    TrainingRows.Batch batch = train.batch(rows, share.epoch());
    double[] data = batch.features();
    // All workers of a step have the same offset, which none of them has a seed for.
    double offset = epoch.child("time").child(share.batch()[0]).generator().nextDouble();
    double[] y = new double[n * d];
    double[] target = new double[n * d];
    double[] logRatios = new double[n];
    double[] factors = new double[n];
    double known = 0;
    for (int i = 0; i < n; i++) {
      double uniform = (share.from() + i + offset) / share.batch().length;
      Weighting.Drawn drawn = parts.config().weighting().draw(parts.sde(), parts.start(), uniform);
      Angle angle = parts.sde().angle(drawn.time());
      // A row's noise depends on the epoch and the row alone, not on who computes it.
      SplittableRandom random = epoch.child(rows[i]).generator();
      for (int j = i * d; j < (i + 1) * d; j++) {
        double z = random.nextGaussian();
        y[j] = angle.cos() * data[j] + angle.sin() * z;
        target[j] = angle.sin() * data[j] - angle.cos() * z;
      }
      logRatios[i] = angle.logRatio();
      double weight = batch.weights()[i];
      factors[i] = 0.5 * weight * drawn.factor() * angle.cos() * angle.cos();
      known += weight * (known(data, i * d, d) - batch.logAbsDet()[i]) / n;
    }
    NDArray f =
        parts
            .net()
            .bind(new Binding(tape, Binding.Mode.TRAIN, share.seed()))
            .apply(
                Dual.of(tape.constant(y, new Shape(n, d))),
                tape.constant(logRatios, new Shape(n, 1)),
                batch.contexts(tape))
            .value();
    // r = s score + z = cos (F - (sin x(0) - cos z))
    NDArray r = f.sub(tape.constant(target, new Shape(n, d)));
    NDArray weighted = r.square().sum(new int[] {1}).mul(tape.constant(factors, new Shape(n)));
    NDArray loss = weighted.mean();
    return parts.config().weighting().bounds() ? loss.add(Ops.number(loss, known)) : loss;
  }

  /** The negative bound's part that does not depend on the net, with E|z|^2 = d subtracted. */
  private double known(double[] data, int offset, int d) {
    Sde sde = parts.sde();
    double total = Weighting.IMPORTANCE.draw(sde, parts.start(), 0).factor();
    double squares = 0;
    for (int j = offset; j < offset + d; j++) {
      squares += data[j] * data[j];
    }
    return priorTerm(sde, squares, d)
        + d * (Math.log(sde.mean(parts.start())) - Math.log(sde.mean(Sde.END)))
        - 0.5 * total * d;
  }

  /** The expected negative log-density of the prior at time 1, for a row of a squared norm. */
  static double priorTerm(Sde sde, double squares, int d) {
    double m = sde.mean(Sde.END);
    double s = sde.deviation(Sde.END);
    double prior = sde.priorDeviation() * sde.priorDeviation();
    return 0.5 * d * Math.log(2 * Math.PI * prior) + 0.5 * (m * m * squares + d * s * s) / prior;
  }

  @Override
  public double validate(Workers workers) {
    LikelihoodBound bound =
        new LikelihoodBound(
            parts.sde(), parts.start(), LikelihoodBound.Form.DENOISING, VALIDATION_TIMES);
    double[] values = new Scorer(parts, workers).bounds(bound, validation, validationSeed).values();
    return IntStream.range(0, values.length)
            .mapToDouble(i -> validationWeights[i] * values[i])
            .sum()
        / values.length;
  }
}
