package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;

/** One flat tensor on each device, and the host memory that they are copied from. */
final class DeviceStorage implements Storage {
  /** A storage has no end of life of its own: its device memory goes when nobody refers to it. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final HostStorage host;
  private final List<Side> sides;
  private final Shape shape;
  private final Function<NDArray, HostArray> readBack;

  /** What lies on a device, and the manager that holds it. */
  private record Side(NDManager manager, NDArray array) {}

  /**
   * @param managers one of each device, to be closed with this; all of an engine's are below one
   * @param readBack a copy of a tensor on the host
   */
  DeviceStorage(
      List<NDManager> managers,
      DataType type,
      long elements,
      Function<NDArray, HostArray> readBack) {
    this.readBack = readBack;
    this.host = new HostStorage(type, elements);
    this.shape = new Shape(elements);
    this.sides =
        managers.stream().map(manager -> new Side(manager, manager.zeros(shape, type))).toList();
    CLEANER.register(this, () -> managers.forEach(NDManager::close));
  }

  @Override
  public DataType dataType() {
    return host.dataType();
  }

  @Override
  public ByteBuffer host() {
    return host.host();
  }

  @Override
  public void publish() {
    for (Side side : sides) {
      try (NDArray copy = host.view(side.manager, 0, shape)) {
        side.array.set(new NDIndex(":"), copy);
      }
    }
  }

  @Override
  public void spread() {
    NDArray written = sides.get(0).array;
    for (Side side : sides.subList(1, sides.size())) {
      try (NDArray copy = written.toDevice(side.manager.getDevice(), true)) {
        side.array.set(new NDIndex(":"), copy);
      }
    }
  }

  @Override
  public void fetch() {
    ByteBuffer target = host.host();
    target.put(readBack.apply(sides.get(0).array).data());
  }

  @Override
  public NDArray view(NDManager target, long offset, Shape viewShape) {
    HostStorage.check(offset, viewShape, shape.size());
    String range = offset + ":" + (offset + viewShape.size());
    try (NDArray slice = side(target).array.get(range)) {
      NDArray view = slice.reshape(viewShape);
      view.attach(target);
      return view;
    }
  }

  /** The one on the device of a manager: both are below the manager of the same engine. */
  private Side side(NDManager target) {
    if (sides.size() == 1) {
      return sides.get(0);
    }
    for (NDManager above = target; above != null; above = above.getParentManager()) {
      for (Side side : sides) {
        if (side.manager.getParentManager() == above) {
          return side;
        }
      }
    }
    throw new IllegalArgumentException("A view was asked for on a manager of another engine.");
  }
}
