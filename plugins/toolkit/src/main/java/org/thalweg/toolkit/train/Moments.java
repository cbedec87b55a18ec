package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.engine.HostArray;

/** Adam's two moments of each weight, in the weights' own type. */
interface Moments {
  double BETA1 = 0.9;
  double BETA2 = 0.999;
  double EPSILON = 1e-8;

  /** Elements that are computed at a time, in the first cache. */
  int BLOCK = 512;

  /** Moments of 0. */
  static Moments zero(DataType type, int size) {
    return type == DataType.FLOAT32 ? new SingleMoments(size) : new DoubleMoments(size);
  }

  /**
   * Takes the gradient in and moves the weights.
   *
   * @param rate the step size over the first moment's correction
   * @param correction what the second moment's root is multiplied by
   * @param keep what weights are multiplied by before they move
   */
  void step(HostArray weights, double[] gradient, double rate, double correction, double keep);

  /** A copy of the first moments. */
  double[] first();

  /** A copy of the second moments. */
  double[] second();

  /** Sets both. */
  void set(double[] first, double[] second);
}
