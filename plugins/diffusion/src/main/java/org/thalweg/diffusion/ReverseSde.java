package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.random.Seed;

/**
 * Draws by the reverse stochastic equation (Song and others, 2021, eq. 5):
 *
 * <pre>dx = (a(t) x - g(t)^2 score(x, t)) dt + g(t) dw,   from time 1 to the start</pre>
 *
 * in equal steps of Euler and Maruyama, the last one without noise. A row's noise is its own, so
 * that a draw does not depend on those beside it.
 *
 * @param sde the diffusion
 * @param start the time that data is taken to be at
 * @param steps N
 * @param corrections Langevin steps before each of them, 0 or more
 */
record ReverseSde(Sde sde, double start, int steps, int corrections) {
  /** The corrector's signal-to-noise ratio (Song and others, 2021b, appendix G). */
  private static final double SIGNAL_TO_NOISE = 0.16;

  /**
   * Draws rows.
   *
   * @param rows how many
   * @param from the number of the first, for the seed
   * @return {@code [rows, D]}, standardised
   */
  double[] sample(Velocity velocity, int rows, int from, Seed seed) {
    int d = velocity.dimension();
    SplittableRandom[] streams =
        IntStream.range(0, rows)
            .mapToObj(i -> seed.child(from + i).generator())
            .toArray(SplittableRandom[]::new);
    int[] numbers = IntStream.range(0, rows).toArray();
    double[] x = new double[rows * d];
    diffuse(x, sde.priorDeviation(), d, streams);
    double step = (Sde.END - start) / steps;
    for (int n = 0; n < steps; n++) {
      double t = Sde.END - n * step;
      for (int c = 0; c < corrections; c++) {
        correct(velocity, numbers, t, x, streams);
      }
      double[] score = score(velocity, numbers, t, x);
      double shrink = 1 - sde.drift(t) * step;
      double push = sde.squaredDiffusion(t) * step;
      Arrays.setAll(x, i -> shrink * x[i] + push * score[i]);
      if (n + 1 < steps) {
        diffuse(x, Math.sqrt(push), d, streams);
      }
    }
    return x;
  }

  /**
   * One step of Langevin's equation. The published step size has the ratio of the batch's mean
   * norms of noise and score; here it has the deviation s(t), which that ratio is close to, so that
   * a row does not depend on the batch.
   */
  private void correct(
      Velocity velocity, int[] numbers, double t, double[] x, SplittableRandom[] streams) {
    double size = 2 * square(SIGNAL_TO_NOISE * sde.deviation(t));
    double[] score = score(velocity, numbers, t, x);
    Arrays.setAll(x, i -> x[i] + size * score[i]);
    diffuse(x, Math.sqrt(2 * size), velocity.dimension(), streams);
  }

  private double[] score(Velocity velocity, int[] numbers, double t, double[] x) {
    double scale = sde.scale(t);
    double[] y = Arrays.stream(x).map(v -> v / scale).toArray();
    return velocity.score(numbers, sde.angle(t), scale, y);
  }

  private static void diffuse(double[] x, double deviation, int d, SplittableRandom[] streams) {
    for (int i = 0; i < x.length; i++) {
      x[i] += deviation * streams[i / d].nextGaussian();
    }
  }

  private static double square(double value) {
    return value * value;
  }
}
