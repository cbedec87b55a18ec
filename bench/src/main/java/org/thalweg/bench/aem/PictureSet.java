package org.thalweg.bench.aem;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.bench.planar.PlanarSet;

/**
 * A density made from a picture, as the paper's of a face (Durkan and Nash, 2019, section 4.1): a
 * pixel with a probability proportional to its brightness, and a uniform place in it. The picture
 * is computed: a river that winds between hills, with contour lines and a few lakes. The density is
 * constant on each pixel, and so known.
 */
final class PictureSet {
  private static final int SIDE = 256;

  /** The square is [-HALF, HALF] in both directions. */
  private static final double HALF = 2;

  private static final double[][] LAKES = {
    {-1.3, -0.9, 0.28}, {1.25, 1.1, 0.35}, {0.9, -1.35, 0.2}, {-1.2, 1.3, 0.24}
  };

  private final double[] brightness = new double[SIDE * SIDE];
  private final double[] cumulative = new double[SIDE * SIDE];
  private final double sum;

  private PictureSet() {
    double total = 0;
    for (int i = 0; i < brightness.length; i++) {
      brightness[i] = brightness(centre(i % SIDE), centre(i / SIDE));
      total += brightness[i];
      cumulative[i] = total;
    }
    sum = total;
  }

  static PlanarSet picture() {
    PictureSet picture = new PictureSet();
    return new PlanarSet("picture", picture::draw, Optional.of(picture::logDensity));
  }

  private static double centre(int pixel) {
    return HALF * (2 * (pixel + 0.5) / SIDE - 1);
  }

  /** From 0.02 to about 1. */
  private static double brightness(double x, double y) {
    double bed = 0.9 * Math.sin(1.6 * y) + 0.25 * Math.sin(4.1 * y + 1);
    double across = (x - bed) / (0.13 + 0.05 * Math.cos(2 * y));
    double river = Math.exp(-0.5 * across * across);
    double height = Math.sin(1.7 * x + 0.6) * Math.cos(1.3 * y) + 0.4 * x * y;
    double contour = Math.pow(Math.cos(9 * height), 24) * (1 - river);
    double lakes = 0;
    for (double[] lake : LAKES) {
      lakes = Math.max(lakes, Math.hypot(x - lake[0], y - lake[1]) < lake[2] ? 0.55 : 0);
    }
    return 0.02 + 0.95 * river + 0.35 * contour + lakes;
  }

  private double[] draw(SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
    int pixel = Math.min(SIDE * SIDE - 1, found < 0 ? -found - 1 : found + 1);
    double width = 2 * HALF / SIDE;
    return new double[] {
      -HALF + width * (pixel % SIDE + random.nextDouble()),
      -HALF + width * (pixel / SIDE + random.nextDouble())
    };
  }

  private double logDensity(double x, double y) {
    int i = pixel(x);
    int j = pixel(y);
    boolean inside = i >= 0 && j >= 0 && i < SIDE && j < SIDE;
    double width = 2 * HALF / SIDE;
    return inside
        ? Math.log(brightness[j * SIDE + i] / sum / width / width)
        : Double.NEGATIVE_INFINITY;
  }

  private static int pixel(double x) {
    return (int) Math.floor((x + HALF) / (2 * HALF) * SIDE);
  }
}
