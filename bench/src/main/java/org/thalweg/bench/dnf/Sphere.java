package org.thalweg.bench.dnf;

import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;

/** A mixture of four von Mises-Fisher distributions on the unit sphere, of equal weights. */
final class Sphere {
  private static final double CONCENTRATION = 10;
  private static final double[][] CENTRES = {
    direction(0.9, 0), direction(0.9, 2.1), direction(0.9, 4.2), direction(0, 0)
  };

  private Sphere() {}

  private static double[] direction(double polar, double azimuth) {
    return new double[] {
      Math.sin(polar) * Math.cos(azimuth), Math.sin(polar) * Math.sin(azimuth), Math.cos(polar)
    };
  }

  /** log p with respect to the sphere's area. */
  static double logDensity(double[] x) {
    // kappa / (4 pi sinh kappa) exp(kappa m.x), written so that nothing overflows.
    double constant =
        Math.log(CONCENTRATION) - Math.log(2 * Math.PI) - Math.log1p(-Math.exp(-2 * CONCENTRATION));
    double sum = 0;
    for (double[] m : CENTRES) {
      double cosine = m[0] * x[0] + m[1] * x[1] + m[2] * x[2];
      sum += Math.exp(CONCENTRATION * (cosine - 1)) / CENTRES.length;
    }
    return constant + Math.log(sum);
  }

  static Matrix draw(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[3 * rows];
    for (int i = 0; i < rows; i++) {
      double[] m = CENTRES[random.nextInt(CENTRES.length)];
      double uniform = random.nextDouble();
      // The cosine of the angle from the centre, by its distribution function (Ulrich, 1984).
      double w =
          1 + Math.log(uniform + (1 - uniform) * Math.exp(-2 * CONCENTRATION)) / CONCENTRATION;
      double[] across = across(m, random.nextDouble() * 2 * Math.PI);
      double length = Math.sqrt(Math.max(0, 1 - w * w));
      for (int j = 0; j < 3; j++) {
        out[3 * i + j] = w * m[j] + length * across[j];
      }
    }
    return new Matrix(rows, 3, out);
  }

  /** A unit vector across another, at an angle. */
  private static double[] across(double[] m, double angle) {
    double[] helper = Math.abs(m[2]) < 0.9 ? new double[] {0, 0, 1} : new double[] {1, 0, 0};
    double[] a = normalised(cross(m, helper));
    double[] b = cross(m, a);
    double[] out = new double[3];
    for (int j = 0; j < 3; j++) {
      out[j] = Math.cos(angle) * a[j] + Math.sin(angle) * b[j];
    }
    return out;
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  private static double[] normalised(double[] a) {
    double length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    return new double[] {a[0] / length, a[1] / length, a[2] / length};
  }

  /**
   * Points in rings of equal area, ring after ring from the top; each stands for {@code 4 pi /
   * count}.
   */
  static Matrix grid(int rings, int ofRing) {
    double[] out = new double[3 * rings * ofRing];
    for (int i = 0; i < rings; i++) {
      double z = 1 - 2 * (i + 0.5) / rings;
      double length = Math.sqrt(1 - z * z);
      for (int j = 0; j < ofRing; j++) {
        double angle = 2 * Math.PI * (j + 0.5) / ofRing;
        int at = 3 * (i * ofRing + j);
        out[at] = length * Math.cos(angle);
        out[at + 1] = length * Math.sin(angle);
        out[at + 2] = z;
      }
    }
    return new Matrix(rings * ofRing, 3, out);
  }
}
