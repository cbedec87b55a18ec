package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

/** Random constants on a tape; the same seed and shape give the same numbers. */
public final class Draws {
  private Draws() {}

  /** Independent standard normal numbers. */
  public static NDArray normal(Tape tape, Seed seed, Shape shape) {
    SplittableRandom random = seed.generator();
    double[] values = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return tape.constant(values, shape);
  }

  /** Independent numbers, uniform on [0, 1), in single precision too. */
  public static NDArray uniform(Tape tape, Seed seed, Shape shape) {
    SplittableRandom random = seed.generator();
    double[] values = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      // 24 bits, which a float holds exactly: more would be rounded up to 1 now and then.
      values[i] = random.nextInt(1 << 24) * 0x1p-24;
    }
    return tape.constant(values, shape);
  }
}
