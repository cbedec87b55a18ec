package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.error.ThalwegException;
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
  NDArray bind(Binding binding) {
    return binding.tape().parameter(values).expandDims(0);
  }

  /**
   * Parameters for each row of a batch.
   *
   * @param parameters {@code [N, columns, P]}
   * @param batch {@code [N * K, columns]}: K consecutive rows for each of N
   * @return {@code [N * K, columns, P]}
   */
  static NDArray repeat(NDArray parameters, NDArray batch) {
    Shape shape = parameters.getShape();
    long n = shape.get(0);
    long rows = batch.getShape().get(0);
    if (rows == n) {
      return parameters;
    }
    if (n == 0 || rows % n != 0) {
      throw ThalwegException.usage(
          "A batch has K rows for each of the %d contexts, got %d rows.", n, rows);
    }
    Shape each = new Shape(n, rows / n, shape.get(1), shape.get(2));
    return parameters
        .expandDims(1)
        .broadcast(each)
        .reshape(new Shape(rows, shape.get(1), shape.get(2)));
  }
}
