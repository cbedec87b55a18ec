package org.thalweg.toolkit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

class ResidualOperationTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private static final int ROWS = 5;
  private static final int IN = 3;
  private static final int HIDDEN = 7;

  /** A tape of second order records the composed form, and libtorch differentiates it. */
  @ParameterizedTest
  @CsvSource({
    "2, false, false, false, false",
    "0, false, false, false, false",
    "0, true, false, true, false",
    "1, false, true, true, false",
    "2, false, true, true, true",
    "3, true, false, false, false",
    "2, true, false, true, true",
    "2, true, true, true, true"
  })
  void theScriptIsItsComposedTwin(
      int blocks, boolean context, boolean maskedFirst, boolean masked, boolean dropout) {
    ResidualOperation operation =
        new ResidualOperation(blocks, context, maskedFirst, masked, dropout, List.of(2L, 2L));
    List<double[]> fast = valuesAndGradients(operation, Tape.Mode.FIRST_ORDER);
    List<double[]> composed = valuesAndGradients(operation, Tape.Mode.SECOND_ORDER);
    assertEquals(1 + operation.differentiable(), fast.size());
    for (int i = 0; i < fast.size(); i++) {
      assertArrayEquals(composed.get(i), fast.get(i), 1e-12, "array " + i);
    }
  }

  private static List<double[]> valuesAndGradients(ResidualOperation operation, Tape.Mode mode) {
    List<Shape> shapes = new ArrayList<>();
    Shape hidden = new Shape(ROWS, HIDDEN);
    shapes.add(new Shape(ROWS, IN));
    for (int i = 0; operation.context() && i <= operation.blocks(); i++) {
      shapes.add(hidden);
    }
    List<Shape> weights = new ArrayList<>();
    weights.add(new Shape(HIDDEN, IN));
    for (int i = 0; i < 2 * operation.blocks(); i++) {
      weights.add(new Shape(HIDDEN, HIDDEN));
    }
    weights.add(new Shape(4, HIDDEN));
    weights.forEach(
        weight -> {
          shapes.add(weight);
          shapes.add(new Shape(weight.get(0)));
        });
    if (operation.maskedFirst()) {
      shapes.add(weights.get(0));
    }
    if (operation.masked()) {
      shapes.addAll(weights.subList(1, weights.size()));
    }
    for (int i = 0; operation.dropout() && i < operation.blocks(); i++) {
      shapes.add(hidden);
    }
    try (Tape tape = ENGINE.newTape(mode)) {
      NDArray[] inputs = new NDArray[shapes.size()];
      for (int i = 0; i < inputs.length; i++) {
        NDArray numbers = Draws.normal(tape, new Seed(i), shapes.get(i));
        // Constants are zeros and others, as masks are.
        inputs[i] =
            i < operation.differentiable()
                ? tape.variable(numbers)
                : numbers.gt(0).toType(DataType.FLOAT64, false).mul(1.5);
      }
      NDList outputs = tape.apply(operation, inputs);
      assertEquals(new Shape(ROWS, 2, 2), outputs.get(0).getShape());
      List<double[]> out = new ArrayList<>();
      out.add(ENGINE.hostView(outputs.get(0)).toDoubles());
      NDArray cotangent = Draws.normal(tape, new Seed(-1), new Shape(ROWS, 2, 2));
      NDList of = new NDList(List.of(inputs).subList(0, operation.differentiable()));
      tape.vjp(outputs, new NDList(cotangent), of)
          .forEach(gradient -> out.add(ENGINE.hostView(gradient).toDoubles()));
      return out;
    }
  }
}
