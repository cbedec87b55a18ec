package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.Supplier;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Constant;

/** A table that a device keeps, where steps pick their rows. */
final class ResidentRows {
  /** Steps need the memory too: of a larger table a batch is sent at a time. */
  private static final long MOST_BYTES = 1L << 30;

  private static final Pick PICK = new Pick();

  private final long rows;
  private final int columns;
  private final Constant table;

  /**
   * A table that no device has yet.
   *
   * @param values its numbers, row-major; asked for when a device first needs them
   */
  ResidentRows(int rows, int columns, Supplier<double[]> values) {
    this.rows = rows;
    this.columns = columns;
    this.table = Constant.of(new Shape(rows, columns), values);
  }

  /** Whether an engine has a device to keep it on, and is to. */
  boolean fits(Engine engine) {
    long bytes = rows * columns * engine.dataType().getNumOfBytes();
    return !engine.hostViews() && bytes <= MOST_BYTES;
  }

  /** Some rows by index, {@code [indices, columns]}. */
  NDArray on(Tape tape, int[] indices) {
    long[] wide = Arrays.stream(indices).asLongStream().toArray();
    NDArray at = tape.manager().create(wide, new Shape(wide.length));
    return tape.apply(PICK, table.lasting(tape.engine()), at).get(0);
  }

  /** Rows of a table {@code [N, D]} by whole numbers {@code [n]}. */
  private record Pick() implements ScriptedOperation {
    @Override
    public int differentiable() {
      return 0;
    }

    @Override
    public String forward() {
      return "_ = torch.append(outputs, torch.index_select(inputs[0], 0, inputs[1]))\n";
    }

    @Override
    public String vjp() {
      return "";
    }

    @Override
    public NDList composed(Tape tape, NDList inputs) {
      return new NDList(inputs.get(0).get(new NDIndex("{}", inputs.get(1))));
    }
  }
}
