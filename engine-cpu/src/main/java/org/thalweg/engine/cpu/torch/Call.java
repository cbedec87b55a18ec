package org.thalweg.engine.cpu.torch;

import ai.djl.pytorch.engine.PtNDManager;

/**
 * An operation that was applied and that libtorch knows nothing of: its outputs are leaves, at
 * which libtorch's own backward stops, and {@link #backward} carries on from there.
 */
interface Call {
  /** Carries the gradients of the outputs on to the inputs; grad mode must be off. */
  void backward(Autograd autograd, PtNDManager manager, Leaves leaves);
}
