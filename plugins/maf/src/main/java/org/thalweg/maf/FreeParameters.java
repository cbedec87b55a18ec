package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Univariate;

/** Parameters of a univariate map for each column that are learnt as they are, without a net. */
final class FreeParameters {
  private final Parameter values;

  FreeParameters(ParameterScope scope, int columns, Univariate univariate) {
    values =
        scope.parameter(
            "free",
            new Shape(columns, univariate.parameterCount()),
            Initializer.repeat(univariate.identity()));
  }

  /** The parameters {@code [1, columns, P]}. */
  NDArray bind(Tape tape) {
    return tape.parameter(values).expandDims(0);
  }

  /** The parameters {@code [columns, P]}, as an argument of an operation. */
  NDArray argument(Tape tape) {
    return tape.argument(values);
  }
}
