package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/**
 * A scalar whose value and gradient were computed elsewhere, made part of a tape's computation: the
 * sum of {@code <input, gradient>} has that gradient, and its own value is taken off again.
 */
final class Differential {
  private final NDArray value;
  private final NDList terms = new NDList();

  private Differential(NDArray value) {
    this.value = value;
  }

  /** A scalar with a value, which nothing is differentiated through. */
  static Differential scalar(NDArray value) {
    return new Differential(value);
  }

  /** The gradient with respect to an array of the tape. */
  Differential with(NDArray input, NDArray gradient) {
    terms.add(input.mul(gradient).sum());
    return this;
  }

  /** The gradients with respect to parameters. */
  Differential with(Tape tape, List<Parameter> parameters, List<NDArray> gradients) {
    for (int i = 0; i < parameters.size(); i++) {
      with(tape.parameter(parameters.get(i)), gradients.get(i));
    }
    return this;
  }

  /** The scalar. */
  NDArray sum() {
    NDArray known = value;
    for (NDArray term : terms) {
      known = known.add(term.sub(term.stopGradient()));
    }
    return known;
  }
}
