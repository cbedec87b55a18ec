package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Storage;

/** One flat tensor on a device, and the host memory that it is copied from. */
final class DeviceStorage implements Storage {
  /** A storage has no end of life of its own: its device memory goes when nobody refers to it. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final HostStorage host;
  private final NDManager manager;
  private final NDArray device;
  private final Shape shape;
  private final Function<NDArray, HostArray> readBack;

  /**
   * @param readBack a copy of a tensor on the host
   */
  DeviceStorage(
      NDManager manager, DataType type, long elements, Function<NDArray, HostArray> readBack) {
    this.readBack = readBack;
    this.host = new HostStorage(type, elements);
    this.manager = manager;
    this.shape = new Shape(elements);
    this.device = manager.zeros(shape, type);
    CLEANER.register(this, manager::close);
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
    try (NDArray copy = host.view(manager, 0, shape)) {
      device.set(new NDIndex(":"), copy);
    }
  }

  @Override
  public void fetch() {
    ByteBuffer target = host.host();
    target.put(readBack.apply(device).data());
  }

  @Override
  public NDArray view(NDManager target, long offset, Shape viewShape) {
    HostStorage.check(offset, viewShape, shape.size());
    try (NDArray slice = device.get(offset + ":" + (offset + viewShape.size()))) {
      NDArray view = slice.reshape(viewShape);
      view.attach(target);
      return view;
    }
  }
}
