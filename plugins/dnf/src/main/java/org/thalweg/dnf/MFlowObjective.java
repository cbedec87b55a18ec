package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * Two losses in turn: the squared reconstruction error, which trains f, and the negative
 * log-density of the coordinates, which trains h while f rests (Brehmer and Cranmer, 2020, section
 * 4). While f rests, the Gram determinant of eq. 16 is a constant and is left out. The two are not
 * in one unit, so that no single score could choose among the weights of different steps: the last
 * are kept.
 */
final class MFlowObjective implements Objective {
  private final MFlowConfig config;
  private final Engine engine;
  private final ManifoldNets nets;
  private final TrainingRows train;
  private final Seed seed;

  MFlowObjective(
      MFlowConfig config,
      Engine engine,
      ManifoldNets nets,
      Standardiser standardiser,
      Dataset train,
      Seed seed) {
    this.config = config;
    this.engine = engine;
    this.nets = nets;
    this.train = new TrainingRows(train, standardiser, seed);
    this.seed = seed;
  }

  @Override
  public int trainingRows() {
    return train.size();
  }

  @Override
  public int validationRows() {
    return 0;
  }

  @Override
  public void release() {
    train.release();
  }

  @Override
  public void refresh() {
    Passing.through(engine, nets, train, Binding.Mode.STATISTICS, seed);
  }

  private boolean ofManifold(Share share) {
    return switch (config.order()) {
      case SEQUENTIAL -> share.step() < config.manifoldShare() * share.totalSteps();
      case ALTERNATING -> share.epoch() % 2 == 0;
    };
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    TrainingRows.Batch batch = train.batch(share.rows(), share.epoch());
    NDArray x = batch.features(tape);
    Context context = batch.contexts(tape).map(Context::of).orElseGet(Context::none);
    ManifoldNets.Bound bound =
        nets.bind(new Binding(tape, Binding.Mode.TRAIN, share.seed()), context);
    NDArray u = bound.place(x).u();
    NDArray each =
        ofManifold(share)
            ? bound.onManifold(u).sub(x).square().sum(new int[] {1})
            : bound.logCoordinates(u.stopGradient()).neg();
    return batch.mean(tape, each);
  }

  @Override
  public double validate(Workers workers) {
    throw new IllegalStateException("There are no validation rows.");
  }
}
