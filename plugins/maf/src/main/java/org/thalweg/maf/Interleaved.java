package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * Columns in turn from two arrays, each column of P numbers. Inputs: {@code [N, K, P]}, or {@code
 * [K, P]} where it is the same for every row, and {@code [N, D - K, P]}; without P for single
 * numbers. Output: {@code [N, D, P]}.
 *
 * @param dimension D
 * @param offset the first column of the second array, 0 or 1
 * @param single whether there is no axis P
 * @param shared whether the first array is the same for every row
 */
record Interleaved(int dimension, int offset, boolean single, boolean shared)
    implements ScriptedOperation {
  @Override
  public int differentiable() {
    return 2;
  }

  @Override
  public String forward() {
    return """
        b = inputs[1]
        y = torch.new_empty(b, [torch.size(b, 0), %d%s])
        _ = torch.copy_(%s, inputs[0])
        _ = torch.copy_(%s, b)
        _ = torch.append(outputs, y)
        """
        .formatted(
            dimension,
            single ? "" : ", torch.size(b, 2)",
            EveryOther.slice("y", 1 - offset),
            EveryOther.slice("y", offset));
  }

  @Override
  public String vjp() {
    String copy = "_ = torch.append(results, torch.clone(%s, memory_format=0))\n";
    String sum = "_ = torch.append(results, torch.sum(%s, [0]))\n";
    return (shared ? sum : copy).formatted(EveryOther.slice("cotangents[0]", 1 - offset))
        + copy.formatted(EveryOther.slice("cotangents[0]", offset));
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray second = inputs.get(1);
    Shape shape = second.getShape();
    NDArray first = inputs.get(0);
    if (shared) {
      first = first.expandDims(0).broadcast(new Shape(shape.get(0)).addAll(first.getShape()));
    }
    double[] place = new double[dimension];
    long others = dimension - shape.get(1);
    for (int i = 0; i < dimension; i++) {
      place[i] = i % 2 == offset ? others + i / 2 : i / 2;
    }
    Shape one = single ? new Shape(1, dimension) : new Shape(1, dimension, 1);
    Shape all = new Shape(shape.get(0), dimension).addAll(shape.slice(2));
    NDArray index = tape.constant(place, one).toType(DataType.INT64, false).broadcast(all);
    return new NDList(Ops.concat(new NDList(first, second), 1).gather(index, 1));
  }
}
