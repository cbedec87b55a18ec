package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.nn.Ops;

/** The mean negative log-density of rows, in the user's units. */
final class LikelihoodObjective implements Objective {
  /** Enough for a mean and a variance that are near those of all rows. */
  private static final int PASSED_ROWS = 4096;

  private final Engine engine;
  private final TrainableDensity density;
  private final Standardiser standardiser;
  private final TrainingRows train;
  private final Seed passed;
  private final Rows validation;
  private final double[] validationWeights;

  LikelihoodObjective(
      Engine engine,
      TrainableDensity density,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      Seed seed) {
    this.engine = engine;
    this.density = density;
    this.standardiser = standardiser;
    this.train = new TrainingRows(train, standardiser, seed);
    this.passed = seed.child("initialise");
    this.validation =
        Dequantiser.apply(validation.rows(), validation.schema(), seed.child("validation"));
    this.validationWeights = FitTable.normalised(validation.rows());
  }

  /** Lets parts that start from the statistics of their input see some training rows. */
  void initialise() {
    pass(Binding.Mode.INITIALISE);
  }

  @Override
  public void refresh() {
    pass(Binding.Mode.STATISTICS);
  }

  /** The same training rows each time, so that what parts keep is a function of the weights. */
  private void pass(Binding.Mode mode) {
    int[] rows =
        Arrays.stream(Splitter.shuffled(train.size(), passed)).limit(PASSED_ROWS).toArray();
    TrainingRows.Batch batch = train.batch(rows, 0);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray z = batch.features(tape);
      density.bind(new Binding(tape, mode, passed)).given(context(tape, batch)).logDensity(z);
    }
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
    TrainingRows.Batch batch = train.batch(share.rows(), share.epoch());
    NDArray logDensity =
        density
            .bind(new Binding(tape, Binding.Mode.TRAIN, share.seed()))
            .given(context(tape, batch))
            .logDensity(batch.features(tape));
    NDArray mean = batch.mean(tape, logDensity);
    return mean.add(Ops.number(mean, batch.meanLogAbsDet())).neg();
  }

  private static Context context(Tape tape, TrainingRows.Batch batch) {
    return batch.contexts(tape).map(Context::of).orElseGet(Context::none);
  }

  @Override
  public double validate(Workers workers) {
    double[] values = Scoring.logDensity(engine, density, standardiser, validation, workers);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += validationWeights[i] * values[i];
    }
    return sum / values.length;
  }
}
