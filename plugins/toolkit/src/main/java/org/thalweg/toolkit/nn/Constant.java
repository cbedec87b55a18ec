package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.engine.Tape;

/**
 * Numbers that never change, such as a mask: they are written to the device once, and every tape
 * sees the same memory. Thread-safe.
 */
public final class Constant {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Shape shape;
  private final Supplier<double[]> values;

  /** The memory on an engine. */
  private record Held(Storage storage, NDArray lasting) {}

  private volatile Map<Engine, Held> held = Map.of();

  private Constant(Shape shape, Supplier<double[]> values) {
    this.shape = shape;
    this.values = values;
  }

  /** A matrix of 1 where a rule holds of row and column, and 0 elsewhere. */
  public static Constant mask(int rows, int columns, Rule rule) {
    IntToDoubleFunction at = i -> rule.holds(i / columns, i % columns) ? 1 : 0;
    return new Constant(
        new Shape(rows, columns),
        () -> IntStream.range(0, rows * columns).mapToDouble(at).toArray());
  }

  /** Of which elements a mask is 1. */
  @FunctionalInterface
  public interface Rule {
    /** Whether it is 1 here. */
    boolean holds(int row, int column);
  }

  /** The numbers on a tape; not to be written. */
  public NDArray on(Tape tape) {
    Held on = on(tape.engine()).orElseGet(() -> write(tape.engine()));
    return on.storage.view(tape.manager(), 0, shape);
  }

  /**
   * The numbers as one array for all tapes of an engine, which costs nothing to ask for. Only to be
   * given to operations: what an array's own method makes would last as long as the constant.
   */
  public NDArray lasting(Engine engine) {
    return on(engine).orElseGet(() -> write(engine)).lasting;
  }

  private Optional<Held> on(Engine engine) {
    return Optional.ofNullable(held.get(engine));
  }

  /** Workers that come first at the same time share what one of them writes. */
  private synchronized Held write(Engine engine) {
    Optional<Held> already = on(engine);
    if (already.isPresent()) {
      return already.get();
    }
    Storage storage = engine.newStorage(shape.size());
    new HostArray(shape, storage.dataType(), storage.host()).set(values.get());
    storage.publish();
    NDManager manager = engine.newManager();
    // Arrays have no end of their own: this one goes with the constant.
    CLEANER.register(this, manager::close);
    Held written = new Held(storage, storage.view(manager, 0, shape));
    Map<Engine, Held> more = new HashMap<>(held);
    more.put(engine, written);
    held = Map.copyOf(more);
    return written;
  }
}
