package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.engine.Tape;

class EnergyOperationTest {
  private static final int GROUPS = 3;
  private static final int K = 5;
  private static final int CODE = 4;
  private static final int HIDDEN = 7;

  /** A tape of second order records the composed form, and libtorch differentiates it. */
  @ParameterizedTest
  @CsvSource({
    "2, RELU, false",
    "2, TANH, false",
    "0, RELU, false",
    "1, RELU, true",
    "3, TANH, true"
  })
  void theScriptIsItsComposedTwin(int blocks, EnergyConfig.Unit unit, boolean dropout) {
    EnergyOperation operation = new EnergyOperation(blocks, unit, dropout);
    List<double[]> fast = valuesAndGradients(operation, Tape.Mode.FIRST_ORDER);
    List<double[]> composed = valuesAndGradients(operation, Tape.Mode.SECOND_ORDER);
    assertEquals(1 + operation.differentiable(), fast.size());
    for (int i = 0; i < fast.size(); i++) {
      assertArrayEquals(composed.get(i), fast.get(i), 1e-12, "array " + i);
    }
  }

  private static List<double[]> valuesAndGradients(EnergyOperation operation, Tape.Mode mode) {
    List<Shape> shapes = new ArrayList<>();
    shapes.add(new Shape(GROUPS, CODE));
    shapes.add(new Shape(HIDDEN, 1 + CODE));
    shapes.add(new Shape(HIDDEN));
    for (int i = 0; i < 2 * operation.blocks(); i++) {
      shapes.add(new Shape(HIDDEN, HIDDEN));
      shapes.add(new Shape(HIDDEN));
    }
    shapes.add(new Shape(1, HIDDEN));
    shapes.add(new Shape(1));
    shapes.add(new Shape(GROUPS, K));
    for (int i = 0; operation.dropout() && i < operation.blocks(); i++) {
      shapes.add(new Shape(GROUPS * K, HIDDEN));
    }
    try (Tape tape = Machines.DOUBLE.newTape(mode)) {
      NDArray[] inputs = new NDArray[shapes.size()];
      for (int i = 0; i < inputs.length; i++) {
        double[] numbers = Machines.normal((int) shapes.get(i).size(), i);
        boolean mask = i > operation.differentiable();
        double[] values =
            mask ? Arrays.stream(numbers).map(v -> v > 0 ? 1.5 : 0).toArray() : numbers;
        NDArray array = tape.constant(values, shapes.get(i));
        inputs[i] = i < operation.differentiable() ? tape.variable(array) : array;
      }
      NDList outputs = tape.apply(operation, inputs);
      assertEquals(new Shape(GROUPS, K), outputs.get(0).getShape());
      List<double[]> out = new ArrayList<>();
      out.add(Machines.DOUBLE.hostView(outputs.get(0)).toDoubles());
      NDArray cotangent = tape.constant(Machines.normal(GROUPS * K, 99), new Shape(GROUPS, K));
      NDList of = new NDList(List.of(inputs).subList(0, operation.differentiable()));
      tape.vjp(outputs, new NDList(cotangent), of)
          .forEach(gradient -> out.add(Machines.DOUBLE.hostView(gradient).toDoubles()));
      return out;
    }
  }
}
