package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** Where numbers of one type stop telling values apart. */
record Ends(double far, double tiny, double epsilon) {
  /** exp of -far and of far is an ordinary number of the type. */
  private static final Ends SINGLE = new Ends(80, 1e-37, 0x1p-23);

  private static final Ends DOUBLE = new Ends(700, 1e-306, 0x1p-52);

  static Ends of(NDArray array) {
    return array.getDataType() == DataType.FLOAT32 ? SINGLE : DOUBLE;
  }

  static Ends ofDouble() {
    return DOUBLE;
  }

  /** A number that counts, also beside {@code at}. */
  double gap(double at) {
    return Math.abs(at) * epsilon + tiny;
  }

  NDArray gap(NDArray at) {
    return at.abs().mul(epsilon).add(tiny);
  }

  double clip(double y) {
    return Math.max(-far, Math.min(far, y));
  }

  NDArray clip(NDArray y) {
    return y.clip(-far, far);
  }
}
