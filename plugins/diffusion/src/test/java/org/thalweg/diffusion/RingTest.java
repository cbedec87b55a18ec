package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.ode.OdeTolerance;

/** Eight Gaussians on a circle, whose exact score is known. */
class RingTest {
  private static final MixtureVelocity RING = MixtureVelocity.ring();
  private static final OdeTolerance TOLERANCE = OdeTolerance.of(1e-5, 10_000);

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The entropy of a component is log(2 pi e 0.01), and the components hardly overlap. */
  @Test
  void theTruthIsWhatItShouldBe() {
    double[] x = RING.sample(40_000, 1);
    double[] truth = new double[40_000];
    Arrays.setAll(truth, i -> -RING.logDensity(1, 0, x, i));
    assertEquals(Math.log(8) + Math.log(2 * Math.PI * Math.E * 0.01), mean(truth), 0.02);
  }

  @ParameterizedTest
  @CsvSource({"VP, 1e-5", "SUBVP, 1e-2", "VP, 1e-3", "VE, 1e-5"})
  void theFlowsDensityIsTheTruth(String name, double start) {
    double[] x = RING.sample(4000, 2);
    ProbabilityFlow flow = new ProbabilityFlow(SdeTest.sde(name), start, TOLERANCE);
    Counted counted = new Counted();
    var densities = flow.logDensity(counted, x, new Directions.Axes(2));
    double[] gaps = new double[4000];
    double worst = 0;
    double m = SdeTest.sde(name).mean(start);
    double s = SdeTest.sde(name).deviation(start);
    for (int i = 0; i < gaps.length; i++) {
      double then = RING.logDensity(m, s, x, i);
      gaps[i] = densities.estimates()[i] - RING.logDensity(1, 0, x, i);
      worst = Math.max(worst, Math.abs(densities.estimates()[i] - then));
    }
    assertEquals(0, mean(gaps), 1e-3, name);
    assertTrue(worst < 0.005, name + ": " + worst);
    // What 140 evaluations cost by the pair's own rule, 5 of 11 of them with both directions.
    assertTrue(counted.passes < 4000 * (76 + 64 * 3), name + ": " + counted.passes);
    double evaluations = Arrays.stream(densities.evaluations()).average().orElseThrow();
    assertTrue(evaluations < 160, name + ": " + evaluations + " evaluations");
  }

  /** Counts passes of a row through a net: one for a velocity, one more for each direction. */
  private static final class Counted implements Velocity {
    private long passes;

    @Override
    public int dimension() {
      return RING.dimension();
    }

    @Override
    public double[] velocity(int[] rows, Angle[] at, double[] y) {
      passes += rows.length;
      return RING.velocity(rows, at, y);
    }

    @Override
    public Change change(int[] rows, Angle[] at, double[] y, Directions directions) {
      passes += 3L * rows.length;
      return RING.change(rows, at, y, directions);
    }
  }

  @ParameterizedTest
  @CsvSource({"VP, 1e-5", "SUBVP, 1e-2", "VP, 1e-3"})
  void theBoundIsTight(String name, double start) {
    double[] x = RING.sample(4000, 3);
    for (LikelihoodBound.Form form : LikelihoodBound.Form.values()) {
      var bounds =
          new LikelihoodBound(SdeTest.sde(name), start, form, 200).of(RING, x, 0, new Seed(4));
      double[] gaps = new double[4000];
      Arrays.setAll(gaps, i -> bounds.values()[i] - RING.logDensity(1, 0, x, i));
      double error = Math.sqrt(Arrays.stream(bounds.standardErrors()).map(e -> e * e).sum()) / 4000;
      assertEquals(0, mean(gaps), 0.06, name + " " + form);
      assertEquals(0, mean(gaps), 5 * error + 0.003, name + " " + form + " +- " + error);
      assertTrue(error < (form == LikelihoodBound.Form.SLICED ? 0.025 : 0.01), form + ": " + error);
    }
  }

  /** Draws lie on the eight components, in equal shares, with the right width. */
  @ParameterizedTest
  @CsvSource({
    "VP, 1e-3, EULER_MARUYAMA", "VP, 1e-3, PREDICTOR_CORRECTOR", "VP, 1e-3, ODE",
    "SUBVP, 1e-2, EULER_MARUYAMA", "SUBVP, 1e-2, PREDICTOR_CORRECTOR", "SUBVP, 1e-2, ODE",
    "VE, 1e-5, EULER_MARUYAMA", "VE, 1e-5, PREDICTOR_CORRECTOR", "VE, 1e-5, ODE"
  })
  void everySamplerDrawsTheRing(String name, double start, SamplingConfig.Method method) {
    Sde sde = SdeTest.sde(name);
    int n = 20_000;
    double[] drawn;
    if (method == SamplingConfig.Method.ODE) {
      SplittableRandom random = new SplittableRandom(5);
      double[] noise = new double[2 * n];
      Arrays.setAll(noise, i -> random.nextGaussian());
      drawn = new ProbabilityFlow(sde, start, TOLERANCE).fromNoise(RING, noise);
    } else {
      int corrections = method == SamplingConfig.Method.PREDICTOR_CORRECTOR ? 1 : 0;
      drawn = new ReverseSde(sde, start, 500, corrections).sample(RING, n, 0, new Seed(6));
    }
    double[] shares = new double[8];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < 8; k++) {
        double distance =
            Math.pow(drawn[2 * i] - RING.means()[k][0], 2)
                + Math.pow(drawn[2 * i + 1] - RING.means()[k][1], 2);
        if (distance < least) {
          least = distance;
          nearest = k;
        }
      }
      shares[nearest] += 1.0 / n;
      squares += least / (2 * n);
    }
    assertEquals(0.1, Math.sqrt(squares), 0.002, name + " " + method);
    for (double share : shares) {
      assertEquals(0.125, share, 0.01, name + " " + method);
    }
  }

  @Test
  void thereAndBackIsTheStart() {
    double[] x = RING.sample(500, 7);
    ProbabilityFlow flow = new ProbabilityFlow(SdeTest.sde("VP"), 1e-5, TOLERANCE);
    assertArrayEquals(x, flow.fromNoise(RING, flow.toNoise(RING, x)), 1e-3);
  }
}
