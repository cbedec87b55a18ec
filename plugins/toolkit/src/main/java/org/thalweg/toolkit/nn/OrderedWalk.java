package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A walk that computes every hidden unit once, for numbers alone: it writes in place, which a tape
 * cannot differentiate.
 *
 * <p>A unit of degree d depends on the first d values and on units of degrees up to d. When value d
 * arrives, the units of that degree are computed in all layers, and never again, so that a whole
 * walk takes the arithmetic of one pass. Arrays have units, sorted by degree, as their rows: what
 * is known so far is one piece of memory, and so is what is added to it.
 */
final class OrderedWalk implements Walk {
  /** A layer over sorted units: {@code [out, in]} and {@code [out, 1]}. */
  private record Sorted(NDArray weight, NDArray bias) {
    NDArray apply(long from, long to, NDArray known) {
      NDIndex block = new NDIndex().addSliceDim(from, to).addSliceDim(0, known.getShape().get(0));
      return weight.get(block).matMul(known).add(rows(bias, from, to));
    }
  }

  /** A residual block, with the activations before its first and its second layer. */
  private record Block(
      Sorted first, Sorted second, Optional<NDArray> gate, NDArray before, NDArray inside) {}

  private final int[] degrees;
  private final long perDimension;
  private final Sorted in;
  private final Sorted out;
  private final List<Block> blocks = new ArrayList<>();
  private final NDArray values;
  private final NDArray units;
  private int known;
  private int computed;

  /**
   * A walk.
   *
   * @param degrees the degree of each hidden unit
   * @param input the first layer, with the context's part of it
   * @param body the residual blocks
   * @param out the last layer
   * @param shape {@code (D, P)}
   * @param rows N
   */
  OrderedWalk(
      int[] degrees,
      InputLayer input,
      ResidualBlocks.Given body,
      Dense out,
      Shape shape,
      long rows) {
    this.perDimension = shape.get(1);
    NDArray ofInput = input.ofInput().weight();
    NDManager manager = ofInput.getManager();
    DataType type = ofInput.getDataType();
    int[] order =
        IntStream.range(0, degrees.length)
            .boxed()
            .sorted(Comparator.comparingInt(unit -> degrees[unit]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.degrees = IntStream.of(order).map(unit -> degrees[unit]).toArray();
    NDArray sorted = manager.create(order);
    Shape all = new Shape(degrees.length, rows);
    this.units = select(input.atZero(rows).transpose(), sorted).add(0);
    // The bias is in what the units start from.
    this.in = new Sorted(select(ofInput, sorted), manager.zeros(new Shape(all.get(0), 1), type));
    this.out = new Sorted(out.weight().get(new NDIndex(":, {}", sorted)), column(out.bias()));
    this.values = manager.create(new Shape(shape.get(0), rows), type);
    for (ResidualBlocks.Applied block : body.blocks()) {
      blocks.add(
          new Block(
              sorted(block.first(), sorted),
              sorted(block.second(), sorted),
              block.gate().map(gate -> select(gate.matching(rows).transpose(), sorted)),
              manager.create(all, type),
              manager.create(all, type)));
    }
    compute();
  }

  @Override
  public NDArray outputs() {
    long from = known * perDimension;
    NDArray parameters = out.apply(from, from + perDimension, rows(units, 0, computed));
    // Flattening a transposed array is what makes it contiguous.
    Shape transposed = new Shape(values.getShape().get(1), perDimension);
    return parameters.transpose().flatten().reshape(transposed);
  }

  @Override
  public void accept(NDArray column) {
    write(column.transpose(), values, known, known + 1);
    known++;
    compute();
  }

  /** Computes the units whose degree has been reached. */
  private void compute() {
    int from = computed;
    int to = from;
    while (to < degrees.length && degrees[to] <= known) {
      to++;
    }
    computed = to;
    if (from == to) {
      return;
    }
    NDArray h = rows(units, from, to);
    if (known > 0) {
      h = h.add(in.apply(from, to, rows(values, 0, known)));
    }
    for (Block block : blocks) {
      write(Activation.relu(h), block.before, from, to);
      NDArray inside = block.first.apply(from, to, rows(block.before, 0, to));
      write(Activation.relu(inside), block.inside, from, to);
      NDArray update = block.second.apply(from, to, rows(block.inside, 0, to));
      h = h.add(block.gate.isPresent() ? update.mul(rows(block.gate.get(), from, to)) : update);
    }
    write(h, units, from, to);
  }

  private static NDArray rows(NDArray array, long from, long to) {
    return array.get(new NDIndex().addSliceDim(from, to));
  }

  private static void write(NDArray block, NDArray array, long from, long to) {
    array.set(new NDIndex().addSliceDim(from, to), block);
  }

  private static NDArray select(NDArray array, NDArray rows) {
    return array.get(new NDIndex("{}", rows));
  }

  private static Sorted sorted(Dense layer, NDArray order) {
    NDArray rows = select(layer.weight(), order);
    return new Sorted(rows.get(new NDIndex(":, {}", order)), column(select(layer.bias(), order)));
  }

  private static NDArray column(NDArray bias) {
    return bias.reshape(new Shape(bias.size(), 1));
  }
}
