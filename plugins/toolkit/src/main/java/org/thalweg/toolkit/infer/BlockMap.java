package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;

/** The reals that stand for one block of parameters. */
interface BlockMap {
  /** How many reals there are. */
  int reals();

  /** Whether each real is the logit of a number's place between two ends. */
  default boolean logistic() {
    return false;
  }

  /**
   * Writes a block.
   *
   * @param y all reals of the row
   * @param from where the block's reals begin
   * @param x all parameters of the row, of which the earlier ones are written
   * @param to where the block begins
   * @return log |det dx/dy|
   */
  double fromReals(double[] y, int from, double[] x, int to);

  /** Writes the reals of a block. */
  void toReals(double[] x, int from, double[] y, int to);

  /** Whether a block lies in its support, ends excluded. */
  boolean contains(double[] x, int from);

  /**
   * The block of a batch.
   *
   * @param y {@code [N, reals]}
   * @param earlier {@code [N, E]}, the parameters before
   */
  Mapped fromReals(NDArray y, NDArray earlier);

  /** The reals {@code [N, reals]} of a block {@code [N, size]}. */
  NDArray toReals(NDArray x, NDArray earlier);

  /** The map of a block. */
  static BlockMap of(ParameterBlock block) {
    Support support = block.support();
    if (support instanceof Support.Simplex) {
      return new SimplexMap(block.size());
    }
    if (support instanceof Support.Ordered) {
      return new OrderedMap(block.size(), OrderedMap.First.ANY);
    }
    if (support instanceof Support.PositiveOrdered) {
      return new OrderedMap(block.size(), OrderedMap.First.POSITIVE);
    }
    if (support instanceof Support.CholeskyCorrelation) {
      return CorrelationMap.of(block);
    }
    return BoundedMap.of(block);
  }
}
