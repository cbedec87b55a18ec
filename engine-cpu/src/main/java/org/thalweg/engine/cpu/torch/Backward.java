package org.thalweg.engine.cpu.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/** libtorch's graph and its backward pass. */
final class Backward {
  private Backward() {}

  /** Whether an array is a leaf that takes a gradient, or was computed from one. */
  static boolean differentiable(PtNDArray array) {
    if (JniUtils.requiresGrad(array)) {
      return true;
    }
    try {
      // DJL denies that computed arrays require a gradient; libtorch refuses to say that they do
      // not, and the flag of any other array is off already. The exception costs 5 microseconds.
      JniUtils.attachGradient(array, false);
      return false;
    } catch (EngineException computed) {
      return true;
    }
  }

  /**
   * Accumulates the vector-Jacobian product of one array into the leaves before it.
   *
   * <p>The graph is kept: parts of it may be walked again from an earlier custom operation, and the
   * tape holds its memory anyway.
   */
  static void from(PtNDArray root, PtNDArray seed) {
    JniUtils.backward(root, seed, true, false);
  }

  /** The same for several arrays, in one pass. */
  static void from(
      Autograd autograd, PtNDManager manager, List<PtNDArray> roots, List<PtNDArray> seeds) {
    if (roots.size() == 1) {
      from(roots.get(0), seeds.get(0));
    } else if (roots.size() > 1) {
      autograd.backward(manager, roots, seeds);
    }
  }
}
