package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.Names;
import org.thalweg.api.inference.ParameterBlock;

/** A batch of N values of parameters, by name, on a tape. */
public final class Values {
  private final Tape tape;
  private final NDArray rows;
  private final Map<String, NDArray> byName = new LinkedHashMap<>();

  /**
   * A batch.
   *
   * @param rows {@code [N, P]}, the blocks one after another
   */
  public Values(Tape tape, List<ParameterBlock> blocks, NDArray rows) {
    this.tape = tape;
    this.rows = rows;
    int from = 0;
    for (ParameterBlock block : blocks) {
      byName.put(block.name(), rows.get(":, %d:%d".formatted(from, from + block.size())));
      from += block.size();
    }
  }

  /** N. */
  public long count() {
    return rows.getShape().get(0);
  }

  /** What records the computation. */
  public Tape tape() {
    return tape;
  }

  /**
   * A block {@code [N, size]}: one number broadcasts over a vector.
   *
   * @throws org.thalweg.api.error.ThalwegException where there is no parameter of the name
   */
  public NDArray get(String name) {
    NDArray block = byName.get(name);
    if (block == null) {
      throw Names.unknown("parameter", name, byName.keySet());
    }
    return block;
  }

  /** One number of a block, counted from 0: {@code [N, 1]}. */
  public NDArray get(String name, int index) {
    return get(name).get(":, %d:%d".formatted(index, index + 1));
  }

  /** Data, the same for all N: {@code [1, n]}. */
  public NDArray constant(double... numbers) {
    return tape.constant(numbers, new Shape(1, numbers.length));
  }

  /** Data, the same for all N: {@code [rows, columns]}. */
  public NDArray constant(Matrix matrix) {
    return tape.constant(matrix.values(), new Shape(matrix.rows(), matrix.columns()));
  }

  /**
   * The sum of everything.
   *
   * @param terms {@code [N, any]} or {@code [1, any]}
   * @return {@code [N]}
   */
  public NDArray total(NDArray... terms) {
    NDArray sum = rows.getManager().zeros(new Shape(count()), rows.getDataType());
    for (NDArray term : terms) {
      sum = sum.add(term.sum(new int[] {1}));
    }
    return sum;
  }
}
