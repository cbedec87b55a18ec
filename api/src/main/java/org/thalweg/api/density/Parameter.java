package org.thalweg.api.density;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;

/**
 * A named array that is learnt. Its value lies in a storage that is written in place; two
 * parameters are the same only if they are the same object.
 */
public final class Parameter {
  private final String name;
  private final Shape shape;
  private final boolean trainable;
  private final Storage storage;
  private final long offset;
  private volatile Map<Engine, NDArray> lasting = Map.of();

  /**
   * A parameter over a part of a storage.
   *
   * @param name the name in the model file, unique within a model
   * @param shape its shape
   * @param trainable whether training changes it; buffers and frozen parts are not
   * @param storage where its value lies
   * @param offset its first element there
   */
  public Parameter(String name, Shape shape, boolean trainable, Storage storage, long offset) {
    this.name = name;
    this.shape = shape;
    this.trainable = trainable;
    this.storage = storage;
    this.offset = offset;
  }

  /** The name in the model file. */
  public String name() {
    return name;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Whether training changes it. */
  public boolean trainable() {
    return trainable;
  }

  /** Where the value lies. */
  public Storage storage() {
    return storage;
  }

  /** The first element of the value in the storage. */
  public long offset() {
    return offset;
  }

  /**
   * One array over the value, for an engine to give to its operations; it is made when first asked
   * for. As the value is only ever written in place, it does not go stale.
   *
   * @param engine whose operations
   * @param view makes it
   */
  public NDArray lasting(Engine engine, Function<Parameter, NDArray> view) {
    NDArray made = lasting.get(engine);
    return made == null ? make(engine, view) : made;
  }

  private synchronized NDArray make(Engine engine, Function<Parameter, NDArray> view) {
    if (!lasting.containsKey(engine)) {
      Map<Engine, NDArray> more = new HashMap<>(lasting);
      more.put(engine, view.apply(this));
      lasting = Map.copyOf(more);
    }
    return lasting.get(engine);
  }

  /**
   * Writes the value in place; every tape sees it from then on.
   *
   * @param values as many numbers as the shape has, row-major
   */
  public void write(double[] values) {
    // What lies around it may have been written on the device.
    storage.fetch();
    int width = storage.dataType().getNumOfBytes();
    ByteBuffer part =
        storage
            .host()
            .slice(Math.toIntExact(offset * width), Math.toIntExact(shape.size() * width));
    new HostArray(shape, storage.dataType(), part).set(values);
    storage.publish();
  }

  @Override
  public String toString() {
    return name + shape;
  }
}
