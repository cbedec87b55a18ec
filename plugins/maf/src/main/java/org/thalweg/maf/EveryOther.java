package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * Every second column. Input: {@code [N, D]}. Output: {@code [N, K]}.
 *
 * @param from the first of them, 0 or 1
 */
record EveryOther(int from) implements ScriptedOperation {
  /** Every second of a batch's columns. */
  static NDArray of(Tape tape, NDArray batch, int from) {
    return tape.apply(new EveryOther(from), batch).get(0);
  }

  /** The view of every second column, in a script. */
  static String slice(String array, int from) {
    return "torch.slice(%s, 1, %d, 9223372036854775807, 2)".formatted(array, from);
  }

  @Override
  public int differentiable() {
    return 1;
  }

  @Override
  public String forward() {
    return "_ = torch.append(outputs, torch.clone(%s, memory_format=0))\n"
        .formatted(slice("inputs[0]", from));
  }

  @Override
  public String vjp() {
    return """
        g = torch.zeros_like(inputs[0])
        _ = torch.copy_(%s, cotangents[0])
        _ = torch.append(results, g)
        """
        .formatted(slice("g", from));
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    return new NDList(inputs.get(0).get(new NDIndex(":, {}::2", from)));
  }
}
