package org.thalweg.sbi;

import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.inference.AmortisedPosterior;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.SamplerConfig;

/** A posterior that was learnt from draws of the prior alone, and so for every observation. */
final class AmortisedLearntPosterior extends LearntPosterior implements AmortisedPosterior {
  AmortisedLearntPosterior(
      SimulatorProblem problem,
      Learnt learnt,
      SamplerConfig sampling,
      Diagnostics training,
      LogDensity.Relation relation,
      Seed seed,
      Optional<SimulationTable> simulations) {
    super(problem, learnt, sampling, training, relation, seed, simulations);
  }

  @Override
  public int observationSize() {
    return learnt.scale().size();
  }

  @Override
  public Matrix sample(int perObservation, Matrix observations, Seed seed) {
    Observations.require(observations, observationSize());
    return sampler.draw(perObservation, observations, 1, seed).parameters();
  }

  @Override
  public double[] logDensity(Matrix parameters, Matrix observations) {
    requireParameters(parameters);
    Observations.require(observations, observationSize());
    if (parameters.rows() != observations.rows()) {
      throw ThalwegException.usage(
          "Each row of parameters needs an observation of its own, got %d and %d.",
          parameters.rows(), observations.rows());
    }
    return density(parameters, observations, 1);
  }
}
