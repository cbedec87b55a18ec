package org.thalweg.bench.planar;

import java.util.ArrayList;
import java.util.List;

/** Equally likely round Gaussians. */
final class Gaussians {
  private Gaussians() {}

  /** 15 x 15 of s.d. 0.06 on [-2.5, 2.5]^2, turned by 45 degrees (Durkan and Nash, 2019, 4.1). */
  static PlanarSet diamond() {
    List<double[]> means = new ArrayList<>();
    double turn = Math.sqrt(0.5);
    for (int i = 0; i < 15; i++) {
      for (int j = 0; j < 15; j++) {
        double x = -2.5 + 5.0 * i / 14;
        double y = -2.5 + 5.0 * j / 14;
        means.add(new double[] {turn * (x - y), turn * (x + y)});
      }
    }
    return mixture("diamond", means, 0.06);
  }

  /** Eight of s.d. 0.1 on the unit circle. */
  static PlanarSet ring() {
    List<double[]> means = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      double angle = 2 * Math.PI * i / 8;
      means.add(new double[] {Math.cos(angle), Math.sin(angle)});
    }
    return mixture("eight-gaussians", means, 0.1);
  }

  private static PlanarSet mixture(String name, List<double[]> means, double sd) {
    return PlanarSet.known(
        name,
        random -> {
          double[] mean = means.get(random.nextInt(means.size()));
          return new double[] {
            mean[0] + sd * random.nextGaussian(), mean[1] + sd * random.nextGaussian()
          };
        },
        (x, y) -> {
          double least = Double.POSITIVE_INFINITY;
          for (double[] mean : means) {
            least = Math.min(least, square(x - mean[0]) + square(y - mean[1]));
          }
          double sum = 0;
          for (double[] mean : means) {
            double d = square(x - mean[0]) + square(y - mean[1]);
            sum += Math.exp((least - d) / (2 * sd * sd));
          }
          return Math.log(sum / means.size())
              - least / (2 * sd * sd)
              - Math.log(2 * Math.PI * sd * sd);
        });
  }

  private static double square(double value) {
    return value * value;
  }
}
