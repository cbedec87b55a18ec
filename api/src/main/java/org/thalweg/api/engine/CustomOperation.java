package org.thalweg.api.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A differentiable operation written by hand over host memory, with its vector-Jacobian product. It
 * belongs to the plugin that owns the maths. An object is applied once: it may keep what {@link
 * #forward} computed for {@link #vjp}.
 */
public interface CustomOperation {
  /** A name for error messages. */
  String name();

  /** The shapes of the outputs for the shapes of the inputs. */
  List<Shape> outputShapes(List<Shape> inputs);

  /**
   * Computes the outputs.
   *
   * @param inputs the inputs, not to be written
   * @param outputs memory to fill
   */
  void forward(List<HostArray> inputs, List<HostArray> outputs);

  /**
   * Computes the cotangents of the inputs, d loss / d input.
   *
   * @param inputs what {@link #forward} was given
   * @param outputs what it computed
   * @param cotangents d loss / d output, one per output
   * @param inputCotangents memory to fill, one per input, with anything in it; what is written for
   *     an input that takes no gradient is ignored
   */
  void vjp(
      List<HostArray> inputs,
      List<HostArray> outputs,
      List<HostArray> cotangents,
      List<HostArray> inputCotangents);

  /**
   * The same function of tensor operations alone: for devices without host memory and for second
   * derivatives.
   *
   * @param tape what records the operations
   * @param inputs what {@link #forward} is given
   */
  NDList composed(Tape tape, NDList inputs);
}
