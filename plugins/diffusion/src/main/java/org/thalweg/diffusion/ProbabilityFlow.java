package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.thalweg.toolkit.ode.DormandPrince;
import org.thalweg.toolkit.ode.Integrand;
import org.thalweg.toolkit.ode.OdeTolerance;

/**
 * The ordinary differential equation whose solutions have the diffusion's distribution at each time
 * (Song and others, 2021, eq. 7):
 *
 * <pre>dx/dt = a(t) x - g(t)^2 score(x, t) / 2</pre>
 *
 * In y = x / v and the angle it reads {@code dy/d(angle) = -F(y, angle)} for every diffusion, and
 * that is what is solved: it has no stiff ends, so that a solver takes fewer steps. The density of
 * its solutions is a model of its own, beside that of the reverse stochastic equation.
 *
 * @param sde the diffusion
 * @param start the time that data is taken to be at
 * @param tolerance of the solver
 */
record ProbabilityFlow(Sde sde, double start, OdeTolerance tolerance) {
  /**
   * Log-densities with what they cost.
   *
   * @param estimates {@code [N, K]}: one for each estimate of the divergence, in nats
   * @param evaluations of the velocity, by row
   */
  record Densities(double[] estimates, int[] evaluations) {}

  /**
   * log p(x): that of the noise that x is mapped to, plus the integral of the divergence (Song and
   * others, 2021, section 3).
   *
   * @param x {@code [N, D]}, standardised
   */
  Densities logDensity(Velocity velocity, double[] x, Directions directions) {
    int d = velocity.dimension();
    int k = directions.estimates();
    int n = x.length / d;
    double unscale = 1 / sde.scale(start);
    DormandPrince.Solution solution =
        new DormandPrince(tolerance)
            .solve(
                (rows, t, y, out) -> slope(velocity, rows, t, y, out),
                angle(start),
                angle(Sde.END),
                scaled(x, unscale),
                d,
                divergence(velocity, directions));
    double scale = sde.scale(Sde.END);
    double deviation = sde.priorDeviation();
    double constant =
        -0.5 * d * Math.log(2 * Math.PI * deviation * deviation) + d * Math.log(scale * unscale);
    double[] out = new double[n * k];
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int j = i * d; j < (i + 1) * d; j++) {
        double noise = scale * solution.y()[j] / deviation;
        squares += noise * noise;
      }
      for (int l = i * k; l < (i + 1) * k; l++) {
        out[l] = constant - 0.5 * squares - solution.integrals()[l];
      }
    }
    return new Densities(out, solution.evaluations());
  }

  /** dy/d(angle) = -F. */
  private static void slope(Velocity velocity, int[] rows, double[] t, double[] y, double[] out) {
    double[] f = velocity.velocity(rows, angles(t), y);
    Arrays.setAll(out, i -> -f[i]);
  }

  /** The divergence of F, or estimates of it. */
  private static Integrand divergence(Velocity velocity, Directions directions) {
    return new Integrand() {
      @Override
      public int size() {
        return directions.estimates();
      }

      @Override
      public void evaluate(int[] rows, double[] t, double[] y, double[] out) {
        double[] values = velocity.change(rows, angles(t), y, directions).divergence();
        System.arraycopy(values, 0, out, 0, out.length);
      }
    };
  }

  /** The noise that data is mapped to, {@code [N, D]}, in units of the prior's deviation. */
  double[] toNoise(Velocity velocity, double[] x) {
    double[] y = scaled(x, 1 / sde.scale(start));
    double[] end = solve(velocity, start, Sde.END, y);
    return scaled(end, sde.scale(Sde.END) / sde.priorDeviation());
  }

  /** The data that noise is mapped to, {@code [N, D]}. */
  double[] fromNoise(Velocity velocity, double[] noise) {
    double[] y = scaled(noise, sde.priorDeviation() / sde.scale(Sde.END));
    return scaled(solve(velocity, Sde.END, start, y), sde.scale(start));
  }

  private double[] solve(Velocity velocity, double from, double to, double[] y) {
    return new DormandPrince(tolerance)
        .solve(
            (rows, t, state, out) -> slope(velocity, rows, t, state, out),
            angle(from),
            angle(to),
            y,
            velocity.dimension())
        .y();
  }

  private double angle(double t) {
    return sde.angle(t).radians();
  }

  private static Angle[] angles(double[] radians) {
    return Arrays.stream(radians).mapToObj(Angle::of).toArray(Angle[]::new);
  }

  private static double[] scaled(double[] values, double by) {
    return IntStream.range(0, values.length).mapToDouble(i -> by * values[i]).toArray();
  }
}
