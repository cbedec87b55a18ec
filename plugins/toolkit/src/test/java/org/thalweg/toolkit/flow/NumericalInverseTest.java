package org.thalweg.toolkit.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

class NumericalInverseTest {
  private static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  /** {@code y = a x + x^3} with a = exp(p): no inverse that anybody would want to write. */
  private static final Univariate CUBE =
      new Univariate() {
        @Override
        public int parameterCount() {
          return 1;
        }

        @Override
        public double[] identity() {
          return new double[1];
        }

        @Override
        public Cost inverseCost() {
          return Cost.NONE;
        }

        @Override
        public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
          NDArray a = parameters.get(new NDIndex(":, :, 0")).exp();
          return new Elementwise(x.mul(a).add(x.pow(3)), x.square().mul(3).add(a).log());
        }

        @Override
        public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
          throw new AssertionError("must not be used");
        }
      };

  @Test
  void undoesTheForwardMapFarOutToo() {
    double[] points = {-1e5, -20, -0.1, 0, 1e-9, 3, 1e4};
    Univariate family = new NumericalInverse(CUBE);
    assertEquals(Cost.NUMERICAL, family.inverseCost());
    try (Tape tape = DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Shape shape = new Shape(points.length, 1);
      NDArray x = tape.constant(points, shape);
      NDArray p = tape.constant(new double[points.length], shape.add(1));
      Elementwise there = family.forward(tape, x, p);
      Elementwise back = family.inverse(tape, there.value(), p);
      double[] found = DOUBLE.hostView(back.value()).toDoubles();
      for (int i = 0; i < points.length; i++) {
        assertEquals(points[i], found[i], 1e-12 * Math.max(1, Math.abs(points[i])));
      }
      assertArrayEquals(
          DOUBLE.hostView(there.logDerivative().neg()).toDoubles(),
          DOUBLE.hostView(back.logDerivative()).toDoubles(),
          1e-10);
    }
  }

  /** By the implicit function theorem: dx/dy = 1 / (a + 3 x^2), dx/dp = -a x / (a + 3 x^2). */
  @Test
  void derivativesAreThoseOfTheInverse() {
    double a = 2;
    double x = 1.3;
    double slope = a + 3 * x * x;
    try (Tape tape = DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray y = tape.variable(tape.constant(new double[] {a * x + x * x * x}, new Shape(1, 1)));
      NDArray p = tape.variable(tape.constant(new double[] {Math.log(a)}, new Shape(1, 1, 1)));
      Elementwise back = new NumericalInverse(CUBE).inverse(tape, y, p);
      tape.backward(back.value().add(back.logDerivative().mul(10)).sum());
      double bySlope = -10 * 6 * x / slope;
      double byY = (1 + bySlope) / slope;
      double byP = -(1 + bySlope) * a * x / slope - 10 * a / slope;
      assertEquals(byY, DOUBLE.hostView(tape.gradient(y)).toDoubles()[0], 1e-9);
      assertEquals(byP, DOUBLE.hostView(tape.gradient(p)).toDoubles()[0], 1e-9);
    }
  }
}
