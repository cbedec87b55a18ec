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
import org.thalweg.sbi.calibration.ConditionalDraws;
import org.thalweg.sbi.calibration.LogRatio;

/** A posterior that was learnt from draws of the prior alone, and so for every observation. */
final class AmortisedLearntPosterior extends LearntPosterior implements AmortisedPosterior {
  AmortisedLearntPosterior(
      SimulatorProblem problem,
      Learnt learnt,
      Common options,
      Diagnostics training,
      LogDensity.Relation relation,
      Seed seed,
      Optional<CheckMaterial> material,
      Optional<SimulationTable> simulations) {
    super(problem, learnt, options, training, relation, seed, material, simulations);
  }

  @Override
  void calibrate(Checks checks) {
    if (sampler.independent()) {
      checks.calibration((ConditionalDraws) this::sample);
      checks.local(this::sample, learnt.engine().parallelism());
    } else {
      checks.calibration((LogRatio) this::ratio);
      checks.not(new String[] {Checks.LOCAL}, "It needs independent draws at many observations.");
    }
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
