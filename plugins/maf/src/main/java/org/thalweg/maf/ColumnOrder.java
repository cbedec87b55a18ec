package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;

/**
 * A fixed order of D columns, stored with the model. A random order of several columns is never the
 * one they have: with few columns chance would often leave a flow without any mixing.
 */
final class ColumnOrder {
  private final Parameter order;

  ColumnOrder(ParameterScope scope, int dimension, Order kind) {
    order = scope.buffer("order", new Shape(dimension), initializer(kind));
  }

  /** For each column of the result the column it is taken from, {@code [D]}, whole numbers. */
  NDArray bind(Binding binding) {
    return binding.tape().parameter(order).toType(DataType.INT64, false);
  }

  /** The same numbers in the engine's type, as an argument of an operation. */
  NDArray raw(Tape tape) {
    return tape.argument(order);
  }

  private static Initializer initializer(Order kind) {
    return (size, random) -> {
      double[] out = new double[size];
      for (int i = 0; i < size; i++) {
        out[i] = kind == Order.REVERSE ? size - 1 - i : i;
      }
      if (kind == Order.RANDOM && size > 1) {
        do {
          shuffle(out, random);
        } while (sorted(out));
      }
      return out;
    };
  }

  private static void shuffle(double[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  private static boolean sorted(double[] values) {
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[i - 1]) {
        return false;
      }
    }
    return true;
  }
}
