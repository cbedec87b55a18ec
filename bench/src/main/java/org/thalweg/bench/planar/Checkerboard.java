package org.thalweg.bench.planar;

/** Uniform on the black squares of a board, 32 square units in all: -log 32 nats everywhere. */
final class Checkerboard {
  private Checkerboard() {}

  /** 32 unit squares on [-4, 4]^2 (Durkan and Nash, 2019, section 4.1). */
  static PlanarSet fine() {
    return board("checkerboard", 1);
  }

  /** Eight squares of side 2 (Durkan and others, 2019, figure 4). */
  static PlanarSet coarse() {
    return board("checkerboard-8", 2);
  }

  private static PlanarSet board(String name, double side) {
    return PlanarSet.known(
        name,
        random -> {
          double x = 8 * random.nextDouble() - 4;
          int pairs = (int) (4 / side);
          double row = 2 * random.nextInt(pairs) + odd(x / side);
          return new double[] {x, -4 + side * (row + random.nextDouble())};
        },
        (x, y) ->
            Math.abs(x) <= 4 && Math.abs(y) <= 4 && odd((y + 4) / side) == odd(x / side)
                ? -Math.log(32)
                : Double.NEGATIVE_INFINITY);
  }

  private static int odd(double value) {
    return Math.floorMod((int) Math.floor(value), 2);
  }
}
