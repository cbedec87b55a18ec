package org.thalweg.api.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Memory for parameters that the host owns and the device sees. It is written in place and never
 * replaced, so that tensors over it cannot go stale.
 */
public interface Storage {
  /** The type of the elements. */
  DataType dataType();

  /** The whole memory, direct, in native byte order. */
  ByteBuffer host();

  /** Makes what was written to {@link #host} visible on the device; free where both are one. */
  void publish();

  /** Makes what was written on the device visible in {@link #host}; free where both are one. */
  default void fetch() {}

  /** Makes what was written on the first of several devices visible on the others. */
  default void spread() {}

  /**
   * A new tensor that shares this memory's device side.
   *
   * @param manager what the tensor is attached to, and where there are several devices, whose
   * @param offset the first element; a multiple of 16, so that it is aligned
   * @param shape the tensor's shape
   */
  NDArray view(NDManager manager, long offset, Shape shape);
}
