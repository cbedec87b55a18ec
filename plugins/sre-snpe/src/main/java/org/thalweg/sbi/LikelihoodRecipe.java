package org.thalweg.sbi;

import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.Parts;

/**
 * Learns q(x | parameters) by maximum likelihood, whatever the proposal (Papamakarios, Sterratt and
 * Murray, 2019).
 */
record LikelihoodRecipe(String name, DensityConfig config, Rounds rounds) implements Recipe {
  @Override
  public Common common() {
    return config.common();
  }

  @Override
  public Net declare(BuildContext context, PointFeatures features) {
    Shape point = context.eventShape();
    Shape observation = context.contextShape();
    BuildContext turned = context.withEvent(observation).withContext(point);
    var net = new Net.OfLikelihood(Parts.density(config.density(), turned.child("likelihood")));
    return new Net.OfFeatures(features, net);
  }

  @Override
  public RowObjective objective(
      Engine engine, Net net, Table train, Table validation, Seed seed, int round) {
    return new LikelihoodObjective(engine, net, train, validation, seed);
  }

  @Override
  public LogDensity.Relation relation(int rounds) {
    return LogDensity.Relation.UNNORMALISED;
  }
}
