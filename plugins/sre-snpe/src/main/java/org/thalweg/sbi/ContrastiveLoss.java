package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.thalweg.toolkit.nn.Ops;

/**
 * The classification losses that ratio and posterior estimation share (Durkan, Murray and
 * Papamakarios, 2020, section 3). What is classified is f(x, theta); a posterior's density q gives
 * it as log q(theta | x) - log p(theta) (eq. 15), a ratio estimator directly.
 */
final class ContrastiveLoss {
  private ContrastiveLoss() {}

  /**
   * Which of K parameters made the observation (eqs. 11 and 13):
   *
   * <pre>- mean over rows of log( exp f_0 / sum_k exp f_k )</pre>
   *
   * @param f {@code [N, K]}, the parameters that made it in column 0
   * @return a scalar, in nats; log K for a classifier that knows nothing
   */
  static NDArray ofSets(NDArray f) {
    return Ops.logSumExp(f, 1).sub(f.get(new NDIndex(":, 0"))).mean();
  }

  /**
   * Whether parameters belong to the observation, by the binary cross-entropy (Hermans, Begy and
   * Louppe, 2020, algorithm 1). Its optimum is the log ratio itself, where that of {@link #ofSets}
   * is one up to a function of the observation.
   *
   * @param f {@code [N, 2]}: the parameters that made it, and others
   * @return a scalar, the mean over both classes, in nats; log 2 for one that knows nothing
   */
  static NDArray ofPairs(NDArray f) {
    NDArray joint = Ops.softplus(f.get(new NDIndex(":, 0")).neg());
    NDArray marginal = Ops.softplus(f.get(new NDIndex(":, 1")));
    return joint.add(marginal).mean().mul(0.5);
  }
}
