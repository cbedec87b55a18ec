package org.thalweg.engine.cpu.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.List;

/**
 * Two functions of libtorch's {@code autograd} that DJL does not bind; it goes backward from one
 * array at a time, and accumulates what it finds into leaves.
 */
final class Autograd {
  private static final String BACKWARD = "torch.backward(outputs, seeds, True, False)\n";

  private static final String GRADIENTS =
      """
      gradients = torch.grad(outputs, inputs, seeds, True, True, True)
      for i in range(torch.len(inputs)):
        gradient = gradients[i]
        if torch.__is__(gradient, None):
          result = torch.zeros_like(inputs[i])
        else:
          result = unchecked_cast(Tensor, gradient)
        _3 = torch.append(results, result)
      """;

  private final Script backward;
  private final Script gradients;

  /** Loads the functions; {@code manager} holds them. */
  Autograd(PtNDManager manager) {
    backward = new Script(manager, BACKWARD);
    gradients = new Script(manager, GRADIENTS);
  }

  /**
   * Accumulates the vector-Jacobian products of several arrays into the leaves before them, in one
   * pass over what they share. The graph is kept.
   */
  void backward(PtNDManager manager, List<PtNDArray> outputs, List<PtNDArray> seeds) {
    backward.call(manager, outputs, seeds, List.of());
  }

  /**
   * The vector-Jacobian products, differentiable, on {@code manager}; zeros for an input that no
   * output depends on. A differentiable gradient that is accumulated would refer to the leaf that
   * refers to it, and neither would ever be freed: these are returned.
   */
  List<PtNDArray> gradients(
      PtNDManager manager, List<PtNDArray> outputs, List<PtNDArray> seeds, List<PtNDArray> inputs) {
    return gradients.call(manager, outputs, seeds, inputs);
  }
}
