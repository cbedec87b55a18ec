package org.thalweg.api.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Locale;
import java.util.SortedMap;

/** Where tensors live and are computed. Thread-safe; its tapes and managers are not. */
public interface Engine extends AutoCloseable {
  /** The provider's name. */
  String name();

  /** The device that tensors live on. */
  Device device();

  /** The type of parameters and batches. */
  DataType dataType();

  /** How exactly it computes. */
  default Precision precision() {
    return dataType() == DataType.FLOAT64 ? Precision.FLOAT64 : Precision.FLOAT32;
  }

  /**
   * Whether what was computed so far would be other numbers with {@link Precision#FLOAT32}; false
   * where nothing was done yet that the precision is about.
   */
  default boolean rounded() {
    return precision() != Precision.BFLOAT16;
  }

  /**
   * What the numbers of a fit depend on beside its seed and threads, such as {@code cpu float32}:
   * models and checkpoints note it.
   */
  default String numbers() {
    return name() + " " + precision().name().toLowerCase(Locale.ROOT);
  }

  /** The number of workers that may compute at the same time. */
  int parallelism();

  /** A manager for tensors on the device; the caller closes it. */
  NDManager newManager();

  /** A tape for the calling thread; the caller closes it. */
  Tape newTape(Tape.Mode mode);

  /**
   * Memory for parameters, zeroed.
   *
   * @param elements the number of elements of {@link #dataType}
   */
  Storage newStorage(long elements);

  /** Whether {@link #hostView} works without a copy, that is, the device is the host. */
  boolean hostViews();

  /**
   * The memory of a tensor, in native byte order, row-major. On a host device a contiguous tensor
   * is viewed in place, and the view is valid as long as the tensor; elsewhere it is a copy.
   */
  HostArray hostView(NDArray array);

  /**
   * The number of parts that a batch is best divided into: as many as there are workers that each
   * have a device, or a processor, of their own.
   */
  default int shares() {
    return hostViews() ? parallelism() : 1;
  }

  /**
   * The engine that computes a share: where there are several devices, that of one of them. It sees
   * the same parameters, and is closed with this one.
   *
   * @param share counted from 0
   */
  default Engine ofShare(int share) {
    return this;
  }

  /** Whether a failure says that the device has no memory left; smaller work may then fit. */
  default boolean outOfMemory(Throwable failure) {
    return false;
  }

  /** Gives memory back that is kept for reuse; after a failure for lack of it. */
  default void trim() {}

  /** What a user or a bug report wants to know: versions, device, threads, by name. */
  SortedMap<String, String> describe();

  /** Releases what the engine holds; tensors must not be used afterwards. */
  @Override
  void close();
}
