package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** Derivatives of derivatives against formulas. */
class SecondOrderTest {
  /** f(x, y) = x^3 y + y^2 at (2, 3): gradient (36, 14), Hessian ((36, 12), (12, 2)). */
  private static NDArray cubic(NDArray point) {
    NDArray x = point.get("0:1");
    NDArray y = point.get("1:2");
    return x.pow(3).mul(y).add(y.square()).sum();
  }

  @Test
  void aHessianVectorProduct() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray point = tape.variable(tape.constant(new double[] {2, 3}, new Shape(2)));
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDArray gradient =
          tape.vjp(new NDList(cubic(point)), new NDList(one), new NDList(point)).get(0);
      assertArrayEquals(new double[] {36, 14}, Engines.numbers(gradient), 1e-12);
      NDArray v = tape.constant(new double[] {1, -2}, new Shape(2));
      NDArray product = tape.vjp(new NDList(gradient), new NDList(v), new NDList(point)).get(0);
      assertArrayEquals(new double[] {12, 8}, Engines.numbers(product), 1e-12);
      assertArrayEquals(new double[] {36, 14}, Engines.numbers(gradient), 1e-12);
    }
  }

  @Test
  void aLossOfAGradientHasItsOwnGradientAndNothingElse() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.SECOND_ORDER)) {
      Parameter parameter = Engines.parameter(engine, new Shape(2), 2, 3);
      NDArray point = tape.parameter(parameter);
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDArray gradient =
          tape.vjp(new NDList(cubic(point)), new NDList(one), new NDList(point)).get(0);
      // d |grad f|^2 / 2 = H grad f = (36 * 36 + 12 * 14, 12 * 36 + 2 * 14).
      tape.backward(gradient.square().sum().mul(0.5));
      assertArrayEquals(new double[] {1464, 460}, Engines.numbers(tape.gradient(parameter)), 1e-9);
    }
  }

  @Test
  void inputsThatTheOutputsDoNotDependOnHaveZeros() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray point = tape.variable(tape.constant(new double[] {2, 3}, new Shape(2)));
      NDArray other = tape.variable(tape.constant(new double[] {5}, new Shape(1)));
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDList inputs = new NDList(other, point);
      NDList outputs = new NDList(cubic(point), point.sum(), one);
      NDList results = tape.vjp(outputs, new NDList(one, one, one), inputs);
      assertArrayEquals(new double[] {0}, Engines.numbers(results.get(0)));
      assertArrayEquals(new double[] {37, 15}, Engines.numbers(results.get(1)), 1e-12);
      assertEquals(null, point.getName());
      NDList none = tape.vjp(new NDList(one), new NDList(one), inputs);
      assertArrayEquals(new double[] {0, 0}, Engines.numbers(none.get(1)));
    }
  }

  @Test
  void customOperationsAreComposed() {
    double x = 0.7;
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray point = tape.variable(tape.constant(new double[] {x}, new Shape(1)));
      NDArray zero = tape.constant(new double[] {0}, new Shape(1));
      NDArray y = tape.apply(new XSinX(), point, zero).get(0).sum();
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDArray slope = tape.vjp(new NDList(y), new NDList(one), new NDList(point)).get(0);
      tape.backward(slope.sum());
      double second = 2 * Math.cos(x) - x * Math.sin(x);
      assertEquals(second, Engines.number(tape.gradient(point)), 1e-12);
    }
  }

  @Test
  void aFirstOrderTapeGivesNumbersOnly() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray point = tape.variable(tape.constant(new double[] {2, 3}, new Shape(2)));
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDArray gradient =
          tape.vjp(new NDList(cubic(point)), new NDList(one), new NDList(point)).get(0);
      assertArrayEquals(new double[] {36, 14}, Engines.numbers(gradient), 1e-12);
      assertFalse(gradient.hasGradient());
    }
  }
}
