package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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

  /**
   * Rows of zeros with a one, each at the place that a uniform number falls on.
   *
   * @param probabilities {@code [K]}, or {@code [N, K]}
   * @param uniform {@code [N, 1]}
   * @return {@code [N, K]}
   */
  public static NDArray oneHot(NDArray probabilities, NDArray uniform) {
    int last = probabilities.getShape().dimension() - 1;
    NDArray starts = probabilities.cumSum(last).sub(probabilities);
    DataType type = probabilities.getDataType();
    NDArray ordinal = uniform.gte(starts).toType(type, false).sum(new int[] {1}, true);
    int components = Math.toIntExact(probabilities.getShape().get(last));
    NDArray ordinals = uniform.getManager().arange(1, components + 1).toType(type, false);
    return ordinal.eq(ordinals).toType(type, false);
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
