package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * A table that devices keep while a fit goes on, where steps pick their rows. Thread-safe: each
 * share of a batch has an engine, and with it a device, of its own.
 */
final class ResidentRows {
  /** Steps need the memory too: of a larger table a batch is sent at a time. */
  private static final long MOST_BYTES = 1L << 30;

  private static final Pick PICK = new Pick();

  /** What is made of a table at a time on its way to a device. */
  private static final int BLOCK = 1 << 16;

  private final Shape shape;
  private final Values values;
  private final Map<Engine, Held> held = new HashMap<>();

  /** The memory on a device; none where there was not enough. */
  private record Held(NDManager manager, Optional<NDArray> table) {}

  /** The numbers of some rows. */
  @FunctionalInterface
  interface Values {
    /** Row-major, of row {@code from} to row {@code to}, the latter excluded. */
    double[] of(int from, int to);
  }

  /**
   * A table that no device has yet.
   *
   * @param values its numbers, asked for when a device first needs them
   */
  ResidentRows(int rows, int columns, Values values) {
    this.shape = new Shape(rows, columns);
    this.values = values;
  }

  /**
   * Some rows by index, {@code [indices, columns]}; none where the engine is the host, or where its
   * device does not hold the table beside what else it holds.
   */
  Optional<NDArray> on(Tape tape, int[] indices) {
    Engine engine = tape.engine();
    long bytes = shape.size() * engine.dataType().getNumOfBytes();
    if (engine.hostViews() || bytes > MOST_BYTES) {
      return Optional.empty();
    }
    return held(tape).table.map(table -> picked(tape, table, indices));
  }

  private static NDArray picked(Tape tape, NDArray table, int[] indices) {
    long[] wide = Arrays.stream(indices).asLongStream().toArray();
    return tape.apply(PICK, table, tape.indices(wide)).get(0);
  }

  private synchronized Held held(Tape tape) {
    return held.computeIfAbsent(tape.engine(), engine -> write(tape));
  }

  private Held write(Tape tape) {
    Engine engine = tape.engine();
    NDManager manager = engine.newManager();
    try {
      NDArray table = manager.zeros(shape, engine.dataType());
      int rows = (int) shape.get(0);
      for (int from = 0; from < rows; from += BLOCK) {
        int to = Math.min(rows, from + BLOCK);
        try (NDArray block =
            tape.constant(values.of(from, to), new Shape(to - from, shape.get(1)))) {
          table.set(new NDIndex("{}:{}", from, to), block);
        }
      }
      return new Held(manager, Optional.of(table));
    } catch (RuntimeException e) {
      if (!engine.outOfMemory(e)) {
        throw e;
      }
      engine.trim();
      return new Held(manager, Optional.empty());
    }
  }

  /** Gives the devices' memory back; what is asked for afterwards is written again. */
  synchronized void release() {
    held.values().forEach(on -> on.manager.close());
    held.clear();
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
