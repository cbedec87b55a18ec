package org.thalweg.api.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Parameter;

/**
 * Records one differentiable computation on the thread that opened it. Any number of tapes may be
 * open at once, on threads of their own; on one thread they nest: the one opened last is used alone
 * until it is closed. Closing a tape releases every tensor made on it.
 *
 * <p>Two operations of the tensor library end a gradient without a word, {@code duplicate} and
 * {@code toType}: copy with {@code add(0)}, and make constants in the engine's type. Arrays are
 * closed by the tape, not by an {@code NDScope} opened while it is recording.
 */
public interface Tape extends AutoCloseable {
  /** How much is recorded. */
  enum Mode {
    /** Nothing: numbers only. */
    EVALUATE,
    /** First derivatives; custom operations run their fast form. */
    FIRST_ORDER,
    /** Derivatives of derivatives; custom operations run their composed form. */
    SECOND_ORDER
  }

  /** How much is recorded. */
  Mode mode();

  /** The engine that the tape belongs to. */
  Engine engine();

  /** What every tensor of the computation is attached to. */
  NDManager manager();

  /**
   * The current value of a parameter as a leaf of the computation; the same tensor for the same
   * parameter. Frozen parameters take no gradient.
   */
  NDArray parameter(Parameter parameter);

  /**
   * The current value of a parameter, to be given to a {@link ScriptedOperation} and for nothing
   * else: what its own methods make may take no gradient, and may outlive the tape. Cheaper than
   * {@link #parameter}, as many tapes can share it.
   */
  default NDArray argument(Parameter parameter) {
    return parameter(parameter);
  }

  /**
   * A constant on the device, in the engine's type.
   *
   * @param values {@code shape.size()} numbers, row-major
   */
  NDArray constant(double[] values, Shape shape);

  /** Whole numbers {@code [values.length]} on the device, int64: which rows to pick. */
  default NDArray indices(long[] values) {
    return manager().create(values, new Shape(values.length));
  }

  /** A leaf with the values of {@code array}, whose gradient can be asked for. */
  NDArray variable(NDArray array);

  /** Applies a custom operation; differentiable like any other. */
  NDList apply(CustomOperation operation, NDArray... inputs);

  /** Applies a scripted operation; differentiable like any other. */
  default NDList apply(ScriptedOperation operation, NDArray... inputs) {
    return operation.composed(this, new NDList(inputs));
  }

  /**
   * Accumulates d loss into every leaf. Call it once.
   *
   * @param loss a scalar
   */
  void backward(NDArray loss);

  /** The gradient of the loss; zeros where the loss does not depend on the parameter. */
  NDArray gradient(Parameter parameter);

  /** The gradient of the loss with respect to a {@link #variable}; zeros as above. */
  NDArray gradient(NDArray variable);

  /**
   * Vector-Jacobian products: for each input the sum over outputs of {@code cotangent * d output /
   * d input}. On a {@link Mode#SECOND_ORDER} tape the results are differentiable themselves.
   *
   * @param outputs tensors computed on this tape
   * @param cotangents one of the same shape for each output
   * @param inputs variables or parameters of this tape
   */
  NDList vjp(NDList outputs, NDList cotangents, NDList inputs);

  @Override
  void close();
}
