package org.thalweg.sbi;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.StoredDiagnostics;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Workers;

/** Builds what is learnt, afresh or from a file. */
final class LearntFile {
  private LearntFile() {}

  /** A net with fresh weights. */
  static Learnt fresh(
      Recipe recipe,
      ParameterSpace space,
      PointFeatures features,
      ObservationScale scale,
      EstimatorContext context,
      Seed seed) {
    ParameterStore store = new ParameterStore(context.engine(), seed);
    Net net =
        recipe.declare(
            new BuildContext(
                new Shape(space.dimension()), new Shape(scale.size()), store, context.registry()),
            features);
    Workers workers = new Workers(context.engine().parallelism());
    return new Learnt(context.engine(), store, net, space, features, scale, workers);
  }

  /** The posterior that {@link LearntPosterior#save} wrote. */
  static LearntPosterior load(
      Recipe recipe, SimulatorProblem problem, ModelReader reader, EstimatorContext context) {
    ParameterSpace space =
        ParameterSpace.of(
            problem.prior(), recipe.common().support(), Stored.map(reader.values().get("space")));
    PointFeatures features = PointFeatures.of(space, Stored.map(reader.values().get("features")));
    ObservationScale scale = ObservationScale.of(Stored.map(reader.values().get("scale")));
    Observations.require(problem.observation(), scale.size());
    Seed seed = new Seed(reader.card().seed());
    Learnt learnt = fresh(recipe, space, features, scale, context, seed);
    learnt.store().load(reader);
    Diagnostics training = StoredDiagnostics.of(reader.values().get("training"));
    int rounds = training.figures().getOrDefault("rounds", 1.0).intValue();
    return posterior(
        recipe, problem, learnt, training, rounds, seed, Optional.empty(), Optional.empty());
  }

  /** The posterior after so many rounds; one of a single round serves every observation. */
  static LearntPosterior posterior(
      Recipe recipe,
      SimulatorProblem problem,
      Learnt learnt,
      Diagnostics training,
      int rounds,
      Seed seed,
      Optional<CheckMaterial> material,
      Optional<SimulationTable> simulations) {
    return rounds == 1
        ? new AmortisedLearntPosterior(
            problem,
            learnt,
            recipe.common(),
            training,
            recipe.relation(rounds),
            seed.child("posterior"),
            material,
            simulations)
        : new LearntPosterior(
            problem,
            learnt,
            recipe.common(),
            training,
            recipe.relation(rounds),
            seed.child("posterior"),
            material,
            simulations);
  }
}
