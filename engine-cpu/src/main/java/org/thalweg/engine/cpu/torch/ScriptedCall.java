package org.thalweg.engine.cpu.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A scripted operation that was applied. */
final class ScriptedCall implements Call, AutoCloseable {
  private final Program program;
  private final List<PtNDArray> inputs;
  private final List<Boolean> counts;
  private final Program.Result result;

  /**
   * Notes a call.
   *
   * @param inputs those that the operation is differentiable in
   * @param counts whether each depends on a leaf
   */
  ScriptedCall(
      Program program, List<PtNDArray> inputs, List<Boolean> counts, Program.Result result) {
    this.program = program;
    this.inputs = inputs;
    this.counts = counts;
    this.result = result;
  }

  @Override
  public void backward(Autograd autograd, PtNDManager manager, Leaves leaves) {
    List<Optional<PtNDArray>> gradients = result.outputs().stream().map(leaves::gradient).toList();
    if (gradients.stream().allMatch(Optional::isEmpty)) {
      return; // Nothing depends on the outputs.
    }
    List<PtNDArray> cotangents = new ArrayList<>();
    for (int i = 0; i < gradients.size(); i++) {
      PtNDArray output = result.outputs().get(i);
      cotangents.add(gradients.get(i).orElseGet(() -> (PtNDArray) output.zerosLike()));
    }
    List<PtNDArray> results = program.vjp(manager, result, cotangents);
    if (results.size() != inputs.size()) {
      throw new IllegalStateException(
          "A scripted operation has "
              + results.size()
              + " results for "
              + inputs.size()
              + " inputs that it is differentiable in.");
    }
    leaves.propagate(autograd, manager, inputs, counts, results);
  }

  @Override
  public void close() {
    result.close();
  }
}
