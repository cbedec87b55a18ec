package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Engine;
import org.thalweg.toolkit.nn.Ops;

/**
 * What the masked net says of G conditionals, one for each row and column, row after row.
 *
 * @param codes {@code [G, C]}: what the energy net is told, the paper's context vectors
 * @param parameters {@code [G, P]}: the proposal's
 */
record Conditionals(NDArray codes, NDArray parameters) {
  int size() {
    return Math.toIntExact(codes.getShape().get(0));
  }

  /** The parameters as Java numbers. */
  double[] numbers(Engine engine) {
    return engine.hostView(parameters.stopGradient().add(Ops.number(parameters, 0))).toDoubles();
  }
}
