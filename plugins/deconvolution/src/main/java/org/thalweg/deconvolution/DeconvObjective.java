package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * The mean of a bound on the log-density of noisy rows, in the user's units (Dockhorn and others,
 * 2020, eqs. 6, 9 and 10), whose gradient may have that of {@link Blurred} beside it. Validation
 * takes the tighter of the two with the same draws each time.
 */
final class DeconvObjective implements Objective {
  /** Draws that are enough for a mean and a variance near those of all. */
  private static final int PASSED_DRAWS = 8192;

  private final DeconvFlowConfig config;
  private final Engine engine;
  private final DeconvNets nets;
  private final BoundScoring scoring;
  private final TrainingRows train;
  private final NoisyRows noisy;
  private final Rows validation;
  private final double[] validationWeights;
  private final Seed seed;
  private final Seed passed;
  private Blurred blurred;

  DeconvObjective(
      DeconvFlowConfig config,
      Engine engine,
      DeconvNets nets,
      Errors errors,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      Seed seed) {
    this.config = config;
    this.engine = engine;
    this.nets = nets;
    this.scoring = new BoundScoring(engine, nets, errors, standardiser, config.defensive());
    this.train = new TrainingRows(train, standardiser, seed);
    this.noisy = errors.of(train.rows(), standardiser);
    noisy.requireSound();
    this.validation =
        Dequantiser.apply(validation.rows(), validation.schema(), seed.child("validation"));
    if (validation.size() > 0) {
      errors.of(validation.rows(), standardiser).requireSound();
    }
    this.validationWeights = FitTable.normalised(validation.rows());
    this.seed = seed.child("validate");
    this.passed = seed.child("initialise");
  }

  /** Lets parts that start from the statistics of their input see what training will show them. */
  void initialise() {
    int[] indices = passedRows();
    NoisyBatch rows = batch(train.batch(indices, 0), indices);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      DeconvNets.Bound bound = nets.bind(new Binding(tape, Binding.Mode.INITIALISE, passed), rows);
      // Where no draw is the noise's, training never asks the net for a density.
      bound.recognition().logDensity(bound.noiseLike(1, passed.child("noise")));
    }
    pass(Binding.Mode.INITIALISE);
  }

  @Override
  public void refresh() {
    // The prior sees what the recognition net draws by its statistics, which are there only then.
    pass(Binding.Mode.STATISTICS);
    pass(Binding.Mode.STATISTICS);
  }

  /** The same rows and draws each time, so that what parts keep is a function of the weights. */
  private void pass(Binding.Mode mode) {
    int[] indices = passedRows();
    NoisyBatch rows = batch(train.batch(indices, 0), indices);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      nets.bind(new Binding(tape, mode, passed), rows)
          .draw(config.samples(), config.defensive(), passed.child("draws"));
    }
  }

  private int[] passedRows() {
    return some(Math.max(config.training().batchSize(), PASSED_DRAWS / config.samples()));
  }

  /** At most so many training rows, the same each time. */
  int[] some(int most) {
    return Arrays.stream(Splitter.shuffled(train.size(), passed)).limit(most).toArray();
  }

  /** A prior that was trained on a mixture's draws may be better than what comes after. */
  @Override
  public boolean judgesStart() {
    return config.pretrainPrior() > 0 && config.pretrainPosterior() > 0;
  }

  /** Rows that the recognition net is trained on by itself. */
  synchronized Blurred blurred() {
    if (blurred == null) {
      blurred = new Blurred(engine, nets, this);
    }
    return blurred;
  }

  /** Training rows with their errors. */
  NoisyRows noisy() {
    return noisy;
  }

  /** Some training rows, as the nets take them. */
  NoisyBatch batch(TrainingRows.Batch rows, int[] indices) {
    return NoisyBatch.of(noisy, rows.features(), rows.contexts(), nets.contexts(), indices);
  }

  /** Training rows, spread anew each epoch. */
  TrainingRows rows() {
    return train;
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
    int[] indices = share.rows();
    TrainingRows.Batch rows = train.batch(indices, share.epoch());
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    NDArray logWeights =
        nets.bind(binding, batch(rows, indices))
            .draw(config.samples(), config.defensive(), share.seed().child("draws"))
            .logWeights();
    NDArray bound =
        switch (config.objective()) {
          case ELBO -> logWeights.mean(new int[] {1});
          case IMPORTANCE -> DeconvNets.logMean(logWeights);
        };
    double jacobian =
        IntStream.range(0, indices.length)
                .mapToDouble(i -> rows.weights()[i] * noisy.logAbsDet(indices[i]))
                .sum()
            / indices.length;
    NDArray loss = rows.mean(tape, bound).add(jacobian).neg();
    if (config.sleep() == 0) {
      return loss;
    }
    // Its gradient alone: the loss that is reported stays the bound.
    NDArray asleep = sleepLoss(binding, share);
    return loss.add(asleep.sub(asleep.stopGradient()));
  }

  /**
   * The sleep phase of Hinton and others (1995, The wake-sleep algorithm for unsupervised neural
   * networks): unlike a bound, it asks the recognition net to cover all of the posterior.
   */
  private NDArray sleepLoss(Binding binding, Share share) {
    int[] repeated =
        IntStream.range(0, share.rows().length * config.sleep())
            .map(i -> share.rows()[i % share.rows().length])
            .toArray();
    return blurred().lossOfDraws(binding, repeated, share.epoch());
  }

  @Override
  public double validate(Workers workers) {
    double[] values =
        scoring.observed(validation, Math.max(2, config.samples()), seed, workers).values();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += validationWeights[i] * values[i];
    }
    return sum / values.length;
  }
}
