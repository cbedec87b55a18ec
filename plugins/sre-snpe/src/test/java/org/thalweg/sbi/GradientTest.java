package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.DifferentiablePotential;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** The gradient that Hamiltonian chains follow, against finite differences. */
class GradientTest {
  @ParameterizedTest
  @CsvSource({"npe, 1", "npe, 3", "nle, 1", "nle, 3", "nre, 1", "nre, 2"})
  void finiteDifferences(String method, int each) {
    Recipe recipe =
        switch (method) {
          case "npe" -> new PosteriorRecipe.Amortised("npe", DensityConfig.DEFAULT);
          case "nle" -> new LikelihoodRecipe("nle", DensityConfig.DEFAULT, Recipe.Rounds.ONE);
          default -> new RatioRecipe("nre", RatioConfig.DEFAULT, Recipe.Rounds.ONE);
        };
    Prior prior =
        IndependentPrior.of("a", new Marginal.Uniform(-1, 2))
            .and("b", new Marginal.Normal(1, 2))
            .and("c", new Marginal.LogNormal(0, 0.5));
    Matrix draws = prior.sample(500, new Seed(1));
    ParameterSpace space = ParameterSpace.of(prior, SupportHandling.MAPPED, draws);
    PointFeatures features = PointFeatures.of(space, space.points(draws), space.points(draws));
    ObservationScale scale = ObservationScale.of(draws);
    Learnt learnt =
        LearntFile.fresh(
            recipe,
            space,
            features,
            scale,
            new EstimatorContext(Sbi.DOUBLE, Sbi.REGISTRY),
            new Seed(2));
    double[] memory = learnt.store().snapshot();
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < memory.length; i++) {
      memory[i] += 0.1 * random.nextGaussian();
    }
    learnt.store().restore(memory);
    double[] observed = scale.apply(draws.slice(0, each));
    var potential = new PosteriorPotential(learnt, observed, each);
    double[] points = random.doubles(12, -5, 5).toArray();
    int[] chains = {0, 1, 2, 3};
    DifferentiablePotential.Gradient gradient = potential.gradient(chains, points);
    double[] values = potential.logDensity(chains, points);
    double h = 1e-5;
    for (int i = 0; i < 4; i++) {
      assertEquals(values[i], gradient.values()[i], 1e-9);
      for (int d = 0; d < 3; d++) {
        double[] up = points.clone();
        double[] down = points.clone();
        up[3 * i + d] += h;
        down[3 * i + d] -= h;
        double slope =
            (potential.logDensity(chains, up)[i] - potential.logDensity(chains, down)[i]) / (2 * h);
        assertEquals(slope, gradient.gradients()[3 * i + d], 1e-4 * (1 + Math.abs(slope)));
      }
    }
    learnt.workers().close();
    assertEquals(4, Arrays.stream(values).filter(Double::isFinite).count());
  }
}
