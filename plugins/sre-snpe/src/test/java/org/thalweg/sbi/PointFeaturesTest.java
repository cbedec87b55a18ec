package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/** What a likelihood or a ratio sees stays where the simulations were. */
class PointFeaturesTest {
  private static final Prior PRIOR =
      IndependentPrior.of("a", new Marginal.Uniform(-1, 2))
          .and("b", new Marginal.Normal(1, 2))
          .and("c", new Marginal.LogNormal(0, 0.5));
  private static final Matrix DRAWS = PRIOR.sample(500, new Seed(1));
  private static final ParameterSpace SPACE =
      ParameterSpace.of(PRIOR, SupportHandling.MAPPED, DRAWS);
  private static final double[] POINTS = SPACE.points(DRAWS);
  private static final PointFeatures FEATURES = PointFeatures.of(SPACE, POINTS, POINTS);

  private static Matrix features(double[] points) {
    try (Tape tape = Sbi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      var z = tape.constant(points, new Shape(points.length / 3, 3));
      return new Matrix(
          points.length / 3, 3, Sbi.DOUBLE.hostView(FEATURES.of(tape, z)).toDoubles());
    }
  }

  /** The uniform parameter itself, the logarithm of the log-normal one, all standardised. */
  @Test
  void parametersThatAreBounded() {
    Matrix seen = features(POINTS);
    double[][] known = {
      DRAWS.column(0), DRAWS.column(1), Arrays.stream(DRAWS.column(2)).map(Math::log).toArray(),
    };
    for (int d = 0; d < 3; d++) {
      Moments of = Moments.of(known[d]);
      double[] column = seen.column(d);
      for (int i = 0; i < column.length; i++) {
        assertEquals((known[d][i] - of.mean()) / of.deviation(), column[i], 1e-9);
      }
    }
  }

  @Test
  void farPointsAreSeenAtTheEdge() {
    Matrix far = features(new double[] {60, 60, 60, 90, 1e6, 300, -60, -60, -60});
    Matrix near = features(POINTS);
    for (int d = 0; d < 3; d++) {
      double highest = Arrays.stream(near.column(d)).max().orElseThrow();
      double lowest = Arrays.stream(near.column(d)).min().orElseThrow();
      // The uniform's own end is a little beyond its highest draw.
      assertEquals(highest, far.row(0)[d], 0.02);
      assertEquals(far.row(0)[d], far.row(1)[d], 1e-12);
      assertEquals(lowest, far.row(2)[d], 0.02);
    }
  }

  /** So the posterior's tails are the prior's, whatever the net says, and it has an integral. */
  @ParameterizedTest
  @ValueSource(strings = {"nre", "nle"})
  void tailsAreThePriors(String method) {
    Recipe recipe =
        method.equals("nre")
            ? new RatioRecipe(method, RatioConfig.DEFAULT, Recipe.Rounds.ONE)
            : new LikelihoodRecipe(method, DensityConfig.DEFAULT, Recipe.Rounds.ONE);
    ObservationScale scale = ObservationScale.of(DRAWS);
    var context = new EstimatorContext(Sbi.DOUBLE, Sbi.REGISTRY);
    Learnt learnt = LearntFile.fresh(recipe, SPACE, FEATURES, scale, context, new Seed(2));
    double[] memory = learnt.store().snapshot();
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < memory.length; i++) {
      memory[i] += random.nextGaussian();
    }
    learnt.store().restore(memory);
    var potential = new PosteriorPotential(learnt, scale.apply(DRAWS.slice(0, 1)), 1);
    double[] points = {-40, -40, -20, -80, -80, -30, 40, 40, 20, 80, 80, 30, 0, 0, 0};
    double[] posterior = potential.logDensity(new int[5], points);
    double[] prior = SPACE.logPrior(points);
    assertEquals(posterior[0] - prior[0], posterior[1] - prior[1], 1e-6);
    assertEquals(posterior[2] - prior[2], posterior[3] - prior[3], 1e-6);
    assertTrue(Math.abs(posterior[4] - prior[4] - posterior[2] + prior[2]) > 1e-3);
    learnt.workers().close();
  }
}
