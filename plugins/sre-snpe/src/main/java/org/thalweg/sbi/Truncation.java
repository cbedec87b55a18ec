package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.sbi.sampler.WeightedDraws;

/**
 * The prior, truncated to the highest-density region of a posterior (Deistler, Goncalves and Macke,
 * 2022, sections 3 and 4). By rejection from the prior; where the region is so small that this
 * would take too long, by resampling the posterior's own draws with prior over posterior as weight.
 *
 * @param learnt the posterior's density
 * @param observation {@code [each, X]}
 * @param epsilon the posterior's mass outside the region
 */
record Truncation(Learnt learnt, Matrix observation, double epsilon) {
  /** Draws of the posterior that its region is found by. */
  private static final int MEASURED = 10_000;

  private static final int BATCH = 10_000;

  /** Below this share of the prior inside the region, the posterior's draws are resampled. */
  private static final double LEAST_ACCEPTANCE = 1e-3;

  /** Draws of the posterior for each that is kept by resampling. */
  private static final int OVERSAMPLING = 100;

  Matrix draw(int n, SamplerConfig sampling, Seed seed, Judgement judgement) {
    int each = observation.rows();
    var sampler = new PosteriorSampler(learnt, sampling);
    var potential = new PosteriorPotential(learnt, learnt.scale().apply(observation), each);
    PosteriorSampler.Drawn drawn = sampler.draw(MEASURED, observation, each, seed.child("measure"));
    judgement.add(drawn.judgement().result());
    double[] levels =
        potential.logDensity(new int[MEASURED], learnt.space().points(drawn.parameters()));
    double[] inUnits = density(potential, drawn.parameters(), levels);
    Arrays.sort(inUnits);
    double threshold = inUnits[(int) (epsilon * MEASURED)];

    List<double[]> kept = new ArrayList<>();
    long tried = 0;
    for (int batch = 0; kept.size() < n; batch++) {
      Matrix some = learnt.space().sample(BATCH, seed.child("prior").child(batch));
      double[] values =
          density(
              potential, some, potential.logDensity(new int[BATCH], learnt.space().points(some)));
      for (int i = 0; i < BATCH; i++) {
        if (values[i] > threshold) {
          kept.add(some.row(i));
        }
      }
      tried += BATCH;
      if (kept.size() < LEAST_ACCEPTANCE * tried) {
        return resampled(n, sampler, potential, threshold, seed, judgement);
      }
    }
    judgement.figure("truncation_acceptance", (double) kept.size() / tried);
    return Matrix.of(kept.subList(0, n).toArray(double[][]::new));
  }

  private Matrix resampled(
      int n,
      PosteriorSampler sampler,
      PosteriorPotential potential,
      double threshold,
      Seed seed,
      Judgement judgement) {
    int draws = OVERSAMPLING * n;
    Matrix drawn =
        sampler.draw(draws, observation, observation.rows(), seed.child("resampled")).parameters();
    double[] points = learnt.space().points(drawn);
    double[] levels = potential.logDensity(new int[draws], points);
    double[] inUnits = density(potential, drawn, levels);
    double[] prior = learnt.space().logPrior(points);
    double[] weights = new double[draws];
    for (int i = 0; i < draws; i++) {
      weights[i] = inUnits[i] > threshold ? prior[i] - levels[i] : Double.NEGATIVE_INFINITY;
    }
    var weighted =
        new WeightedDraws(new Matrix(draws, learnt.space().dimension(), points), weights);
    judgement.figure("truncation_ess", weighted.effective());
    return learnt.space().parameters(weighted.resample(n, seed.child("choose")).values());
  }

  /** The density in the user's units, in which the region is one of highest density. */
  private double[] density(PosteriorPotential potential, Matrix parameters, double[] levels) {
    double[] jacobian = learnt.space().mapped(learnt.space().points(parameters)).logAbsDet();
    double[] out = levels.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= jacobian[i];
    }
    return out;
  }
}
