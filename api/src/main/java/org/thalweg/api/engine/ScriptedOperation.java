package org.thalweg.api.engine;

import ai.djl.ndarray.NDList;

/**
 * A differentiable operation of several tensor operations, with its vector-Jacobian product, as
 * text that libtorch runs in one call. Small tensors cost by the call from Java, and what is
 * recorded for each: a whole net of them is one. Stateless, and equal to another of the same text.
 *
 * <p>The text is in the form of a TorchScript archive: one statement a line, every function of the
 * tensor library as {@code torch.name(...)}, of arrays on any device and of either type. Loops over
 * parts are better written out: an operation of another structure has another text.
 *
 * <p>An engine that runs no scripts, and a tape for second derivatives, use {@link #composed}.
 */
public interface ScriptedOperation {
  /**
   * Lines that compute: they read {@code inputs}, and append to the lists {@code outputs} and
   * {@code kept}. They must not write to the inputs. Outputs are contiguous, own their memory, and
   * are the input of no later line of {@link #vjp} unless they are kept, too.
   */
  String forward();

  /**
   * Lines that compute d loss / d input: they read {@code inputs}, {@code kept} and {@code
   * cotangents}, d loss / d output, and append to {@code results} one for each of the first inputs.
   * Inputs without a result are constants.
   */
  String vjp();

  /** The number of results of {@link #vjp}. */
  int differentiable();

  /**
   * Whether the factors of its matrix products may be rounded where {@link Precision#BFLOAT16} is
   * asked for: true for a net, which may be any function, and false for a map whose determinant
   * counts. Products are {@code torch.mm}, {@code torch.addmm} and {@code torch.addmm_}, the latter
   * two with three arguments.
   */
  default boolean rounds() {
    return false;
  }

  /**
   * The same function of tensor operations alone.
   *
   * @param tape what records the operations
   * @param inputs what {@link #forward} reads
   */
  NDList composed(Tape tape, NDList inputs);
}
