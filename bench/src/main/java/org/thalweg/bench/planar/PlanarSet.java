package org.thalweg.bench.planar;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

/**
 * A distribution over the plane.
 *
 * @param name its name
 * @param draw one draw
 * @param logDensity the exact log-density of a point, in nats, where it is known
 */
public record PlanarSet(
    String name, Draw draw, Optional<ToDoubleBiFunction<Double, Double>> logDensity) {
  /** Draws one point. */
  @FunctionalInterface
  public interface Draw {
    double[] next(SplittableRandom random);
  }

  static PlanarSet known(String name, Draw draw, ToDoubleBiFunction<Double, Double> logDensity) {
    return new PlanarSet(name, draw, Optional.of(logDensity));
  }

  static PlanarSet unknown(String name, Draw draw) {
    return new PlanarSet(name, draw, Optional.empty());
  }

  /** All sets. */
  public static List<PlanarSet> all() {
    return List.of(
        Checkerboard.fine(),
        Checkerboard.coarse(),
        Spirals.narrow(),
        Spirals.wide(),
        Gaussians.diamond(),
        Gaussians.ring(),
        curved(),
        pinwheel(),
        rings());
  }

  /** Independent draws {@code [n, 2]}, row-major. */
  public double[] sample(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(draw.next(random), 0, out, 2 * i, 2);
    }
    return out;
  }

  /** x2 ~ N(0, 4), x1 ~ N(x2^2 / 4, 1); 4 is a variance (Papamakarios and others, 2017, fig. 1). */
  private static PlanarSet curved() {
    return known(
        "curved",
        random -> {
          double y = 2 * random.nextGaussian();
          return new double[] {y * y / 4 + random.nextGaussian(), y};
        },
        (x, y) -> {
          double z = x - y * y / 4;
          return -(z * z + y * y / 4) / 2 - Math.log(2 * Math.PI) - Math.log(2);
        });
  }

  /** Five arms (Johnson and others, 2016, as in FFJORD's experiments). */
  private static PlanarSet pinwheel() {
    return unknown(
        "pinwheel",
        random -> {
          double r = 1 + 0.3 * random.nextGaussian();
          double t = 0.1 * random.nextGaussian();
          double angle = 2 * Math.PI * random.nextInt(5) / 5 + 0.25 * Math.exp(r);
          double cos = Math.cos(angle);
          double sin = Math.sin(angle);
          return new double[] {2 * (r * cos - t * sin), 2 * (r * sin + t * cos)};
        });
  }

  /** Four circles of radii 3/4 to 3, with noise of 0.08 (as in FFJORD's experiments). */
  private static PlanarSet rings() {
    return unknown(
        "rings",
        random -> {
          double radius = 3 * (1 + random.nextInt(4)) / 4.0;
          double angle = 2 * Math.PI * random.nextDouble();
          return new double[] {
            radius * Math.cos(angle) + 0.08 * random.nextGaussian(),
            radius * Math.sin(angle) + 0.08 * random.nextGaussian()
          };
        });
  }
}
