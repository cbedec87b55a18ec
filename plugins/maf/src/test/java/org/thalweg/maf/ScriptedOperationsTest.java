package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Draws;

/** Scripts against their composed twins, which libtorch differentiates, in double precision. */
class ScriptedOperationsTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private static final int ROWS = 5;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void affine(boolean inverted) {
    assertTwins(
        new AffineOperation(2, inverted),
        tape -> List.of(normal(tape, 1, ROWS, 3), normal(tape, 2, ROWS, 3, 2)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void luLinear(boolean inverted) {
    int d = 4;
    double[] below = new double[d * d];
    double[] above = new double[d * d];
    double[] one = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      (i / d > i % d ? below : i / d < i % d ? above : one)[i] = 1;
    }
    Shape square = new Shape(d, d);
    assertTwins(
        new LuOperation(1e-3, inverted),
        tape ->
            List.of(
                normal(tape, 1, ROWS, d),
                normal(tape, 2, d, d),
                normal(tape, 3, d),
                tape.constant(below, square),
                tape.constant(above, square),
                tape.constant(one, square),
                tape.constant(new double[] {2, 0, 3, 1}, new Shape(d))));
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "1, 5", "0, 2", "1, 2"})
  void everyOther(int from, int dimension) {
    assertTwins(new EveryOther(from), tape -> List.of(normal(tape, 1, ROWS, dimension)));
  }

  @ParameterizedTest
  @CsvSource({"0, 5", "1, 5", "0, 2", "1, 2", "1, 6"})
  void interleaved(int offset, int dimension) {
    int second = (dimension + 1 - offset) / 2;
    int first = dimension - second;
    assertTwins(
        new Interleaved(dimension, offset, true, false),
        tape -> List.of(normal(tape, 1, ROWS, first), normal(tape, 2, ROWS, second)));
    assertTwins(
        new Interleaved(dimension, offset, false, true),
        tape -> List.of(normal(tape, 1, first, 3), normal(tape, 2, ROWS, second, 3)));
  }

  @Test
  void columnsComeInTurn() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[] {0, 1, 2, 3, 4}, new Shape(1, 5));
      NDArray even = EveryOther.of(tape, x, 0);
      NDArray odd = EveryOther.of(tape, x, 1);
      assertArrayEquals(new double[] {0, 2, 4}, ENGINE.hostView(even).toDoubles());
      assertArrayEquals(new double[] {1, 3}, ENGINE.hostView(odd).toDoubles());
      NDArray back = tape.apply(new Interleaved(5, 1, true, false), even, odd).get(0);
      assertArrayEquals(new double[] {0, 1, 2, 3, 4}, ENGINE.hostView(back).toDoubles());
    }
  }

  private static NDArray normal(Tape tape, int seed, long... shape) {
    return Draws.normal(tape, new Seed(seed), new Shape(shape));
  }

  private interface Inputs {
    List<NDArray> on(Tape tape);
  }

  private static void assertTwins(ScriptedOperation operation, Inputs inputs) {
    List<double[]> fast = valuesAndGradients(operation, inputs, Tape.Mode.FIRST_ORDER);
    List<double[]> composed = valuesAndGradients(operation, inputs, Tape.Mode.SECOND_ORDER);
    assertEquals(composed.size(), fast.size());
    for (int i = 0; i < fast.size(); i++) {
      assertArrayEquals(composed.get(i), fast.get(i), 1e-10, operation + ", array " + i);
    }
  }

  private static List<double[]> valuesAndGradients(
      ScriptedOperation operation, Inputs inputs, Tape.Mode mode) {
    try (Tape tape = ENGINE.newTape(mode)) {
      List<NDArray> given = inputs.on(tape);
      NDArray[] arrays = new NDArray[given.size()];
      NDList of = new NDList();
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = given.get(i);
        if (i < operation.differentiable()) {
          arrays[i] = tape.variable(given.get(i));
          of.add(arrays[i]);
        }
      }
      NDList outputs = tape.apply(operation, arrays);
      List<double[]> out = new ArrayList<>();
      NDList cotangents = new NDList();
      for (NDArray output : outputs) {
        out.add(ENGINE.hostView(output).toDoubles());
        cotangents.add(Draws.normal(tape, new Seed(100 + out.size()), output.getShape()));
      }
      tape.vjp(outputs, cotangents, of)
          .forEach(gradient -> out.add(ENGINE.hostView(gradient).toDoubles()));
      return out;
    }
  }
}
