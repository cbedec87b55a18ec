package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.SplittableRandom;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.RowMap;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * The negative log-density of rows with noise, plus lambda times the squared distance of the rows
 * without it from what the manifold makes of those with it (eq. 14). Noise is drawn anew in every
 * step.
 */
final class DnfObjective implements Objective {
  private final DnfConfig config;
  private final Engine engine;
  private final ManifoldNets nets;
  private final Standardiser standardiser;
  private final TrainingRows train;
  private final Rows validation;
  private final double[] validationWeights;
  private final Seed seed;

  DnfObjective(
      DnfConfig config,
      Engine engine,
      ManifoldNets nets,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      Seed seed) {
    this.config = config;
    this.engine = engine;
    this.nets = nets;
    this.standardiser = standardiser;
    this.train = new TrainingRows(train, standardiser, seed);
    this.validation =
        Dequantiser.apply(validation.rows(), validation.schema(), seed.child("validation"));
    this.validationWeights = FitTable.normalised(validation.rows());
    this.seed = seed;
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
  public void refresh() {
    Passing.through(engine, nets, train, Binding.Mode.STATISTICS, seed);
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    int[] rows = share.rows();
    TrainingRows.Batch batch = train.batch(rows, share.epoch());
    NDArray x = batch.features(tape);
    NDArray inflated = x.add(tape.constant(noise(rows, nets.columns(), share), x.getShape()));
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    Context context = batch.contexts(tape).map(Context::of).orElseGet(Context::none);
    NDArray value = value(nets.bind(binding, context), x, inflated);
    return batch.mean(tape, value).add(batch.meanLogAbsDet()).neg();
  }

  /** A row's noise depends on the step and the row alone, not on the workers. */
  private double[] noise(int[] rows, int columns, Share share) {
    double[] out = new double[rows.length * columns];
    Seed ofStep = seed.child("noise").child(share.step());
    for (int i = 0; i < rows.length; i++) {
      SplittableRandom random = ofStep.child(rows[i]).generator();
      for (int j = 0; j < columns; j++) {
        out[i * columns + j] = config.sigma() * random.nextGaussian();
      }
    }
    return out;
  }

  /** log q(inflated) less lambda times the squared error of the reconstruction, {@code [N]}. */
  private NDArray value(ManifoldNets.Bound bound, NDArray x, NDArray inflated) {
    ManifoldNets.Place place = bound.place(inflated);
    NDArray logDensity =
        bound
            .logCoordinates(place.u())
            .add(place.logAcross(config.acrossSd()))
            .add(place.logAbsDet());
    if (config.lambda() == 0) {
      return logDensity;
    }
    NDArray error = bound.onManifold(place.u()).sub(x).square().sum(new int[] {1});
    return logDensity.sub(error.mul(config.lambda()));
  }

  /** The same noise every time. */
  @Override
  public double validate(Workers workers) {
    int d = validation.features().columns();
    double[] z = standardiser.features(validation.features());
    Matrix both = Matrix.zeros(validation.size(), 2 * d);
    SplittableRandom random = seed.child("validation").child("noise").generator();
    for (int i = 0; i < validation.size(); i++) {
      for (int j = 0; j < d; j++) {
        double value = z[i * d + j];
        both.values()[2 * i * d + j] = value;
        both.values()[(2 * i + 1) * d + j] = value + config.sigma() * random.nextGaussian();
      }
    }
    Matrix contexts =
        new Matrix(
            validation.size(),
            validation.context().columns(),
            standardiser.contexts(validation.context()));
    double[] values =
        RowMap.map(
            engine,
            workers,
            both,
            contexts,
            (tape, rows, context) ->
                value(
                    nets.bind(Binding.evaluate(tape), context),
                    rows.get(new NDIndex(":, :{}", d)),
                    rows.get(new NDIndex(":, {}:", d))));
    double[] jacobian = standardiser.logAbsDet(validation.features());
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += validationWeights[i] * (values[i] + jacobian[i]);
    }
    return sum / values.length;
  }
}
