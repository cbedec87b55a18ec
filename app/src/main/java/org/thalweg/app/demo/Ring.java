package org.thalweg.app.demo;

import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** Eight equally likely round Gaussians of standard deviation 0.1, evenly on the unit circle. */
public final class Ring {
  private static final int COMPONENTS = 8;
  private static final double SD = 0.1;

  /**
   * The mean log-density under itself, as if the Gaussians did not overlap: -log 8 - log(2 pi e
   * 0.01) = -0.312 nats. Neighbours are 7.7 standard deviations apart, so that it is exact to three
   * digits.
   */
  public static final double MEAN_LOG_DENSITY =
      -Math.log(COMPONENTS) - Math.log(2 * Math.PI * Math.E * SD * SD);

  private Ring() {}

  /** Independent draws. */
  public static Matrix sample(int rows, Seed seed) {
    SplittableRandom random = seed.generator();
    Matrix out = Matrix.zeros(rows, 2);
    for (int i = 0; i < rows; i++) {
      int component = random.nextInt(COMPONENTS);
      for (int j = 0; j < 2; j++) {
        out.values()[2 * i + j] = centre(component, j) + SD * gaussian(random);
      }
    }
    return out;
  }

  /** The true log-density of points {@code [N, 2]}, in nats. */
  public static double[] logDensity(Matrix points) {
    double[] out = new double[points.rows()];
    for (int i = 0; i < out.length; i++) {
      double[] terms = new double[COMPONENTS];
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < COMPONENTS; k++) {
        double dx = (points.get(i, 0) - centre(k, 0)) / SD;
        double dy = (points.get(i, 1) - centre(k, 1)) / SD;
        terms[k] = -0.5 * (dx * dx + dy * dy);
        most = Math.max(most, terms[k]);
      }
      double sum = 0;
      for (double term : terms) {
        sum += Math.exp(term - most);
      }
      out[i] = most + Math.log(sum) - Math.log(COMPONENTS * 2 * Math.PI * SD * SD);
    }
    return out;
  }

  private static double centre(int component, int axis) {
    double angle = 2 * Math.PI * component / COMPONENTS;
    return axis == 0 ? Math.cos(angle) : Math.sin(angle);
  }

  /** Box and Muller (1958). */
  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
