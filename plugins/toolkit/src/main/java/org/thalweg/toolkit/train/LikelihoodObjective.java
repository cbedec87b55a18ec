package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
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

/** The mean negative log-density of rows, in the user's units. */
final class LikelihoodObjective implements Objective {
  /** Enough for a mean and a variance that are near those of all rows. */
  private static final int PASSED_ROWS = 4096;

  private final Engine engine;
  private final TrainableDensity density;
  private final Standardiser standardiser;
  private final Dequantiser dequantiser;
  private final Rows train;
  private final double[] trainContext;
  private final double[] weights;
  private final Seed noise;
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
    this.dequantiser = new Dequantiser(train.schema());
    this.train = train.rows();
    this.trainContext = standardiser.contexts(train.rows().context());
    this.weights = FitTable.normalised(train.rows());
    this.noise = seed.child("dequantise");
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
    Matrix x = train.features().select(rows);
    for (int i = 0; i < rows.length; i++) {
      dequantiser.spread(x.values(), i * x.columns(), noise.child(0).child(rows[i]));
    }
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray z = tape.constant(standardiser.features(x), new Shape(x.rows(), x.columns()));
      density.bind(new Binding(tape, mode, passed)).given(context(tape, rows)).logDensity(z);
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
  public NDArray loss(Tape tape, Share share) {
    int[] rows = share.rows();
    int d = train.features().columns();
    Matrix x = train.features().select(rows);
    Seed epoch = noise.child(share.epoch());
    for (int i = 0; i < rows.length; i++) {
      // A row's noise depends on the epoch and the row alone, not on who computes it.
      dequantiser.spread(x.values(), i * d, epoch.child(rows[i]));
    }
    double[] jacobian = standardiser.logAbsDet(x);
    double[] selected = new double[rows.length];
    double constant = 0;
    for (int i = 0; i < rows.length; i++) {
      selected[i] = weights[rows[i]];
      constant += selected[i] * jacobian[i] / rows.length;
    }
    NDArray z = tape.constant(standardiser.features(x), new Shape(rows.length, d));
    NDArray logDensity =
        density
            .bind(new Binding(tape, Binding.Mode.TRAIN, share.seed()))
            .given(context(tape, rows))
            .logDensity(z);
    NDArray weighted = logDensity.mul(tape.constant(selected, new Shape(rows.length)));
    return weighted.mean().add(constant).neg();
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

  private Context context(Tape tape, int[] rows) {
    int c = train.context().columns();
    if (c == 0) {
      return Context.none();
    }
    double[] values = new double[rows.length * c];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(trainContext, rows[i] * c, values, i * c, c);
    }
    return Context.of(tape.constant(values, new Shape(rows.length, c)));
  }
}
