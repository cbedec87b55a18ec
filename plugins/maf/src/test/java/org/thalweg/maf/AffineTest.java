package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;

class AffineTest {
  private final Affine affine = new Affine(AffineConfig.DEFAULT);

  @Test
  void knownValues() {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[] {2, 2, 2}, new Shape(1, 3));
      NDArray p = tape.constant(new double[] {0, 0, 1, -3, 1e4, 0}, new Shape(1, 3, 2));
      Elementwise mapped = affine.forward(tape, x, p);
      double s = 5 * Math.tanh(0.2);
      assertArrayEquals(
          new double[] {2, 2 * Math.exp(s) - 3, 2 * Math.exp(5)},
          Parts.values(tape, mapped.value()),
          1e-12);
      assertArrayEquals(new double[] {0, s, 5}, Parts.values(tape, mapped.logDerivative()), 1e-12);
    }
  }

  @Property(tries = 50)
  void roundTrip(
      @ForAll @DoubleRange(min = -100, max = 100) double x,
      @ForAll @DoubleRange(min = -50, max = 50) double scale,
      @ForAll @DoubleRange(min = -50, max = 50) double shift) {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray given = tape.constant(new double[] {x}, new Shape(1, 1));
      NDArray p = tape.constant(new double[] {scale, shift}, new Shape(1, 1, 2));
      Elementwise forward = affine.forward(tape, given, p);
      Elementwise back = affine.inverse(tape, forward.value(), p);
      assertEquals(x, Parts.values(tape, back.value())[0], 1e-11);
      assertEquals(
          0, Parts.values(tape, forward.logDerivative().add(back.logDerivative()))[0], 1e-14);
    }
  }

  @Test
  void finiteAtTheExtremes() {
    double[] x = {1e6, -1e6, 0, 1e6};
    double[] parameters = {50, 50, 50, -50, 1e30, 0, -1e30, 50};
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray given = tape.variable(tape.constant(x, new Shape(1, 4)));
      NDArray p = tape.variable(tape.constant(parameters, new Shape(1, 4, 2)));
      Elementwise forward = affine.forward(tape, given, p);
      Elementwise back = affine.inverse(tape, given, p);
      tape.backward(forward.value().add(forward.logDerivative()).add(back.value()).sum());
      for (NDArray each :
          List.of(forward.value(), back.value(), tape.gradient(given), tape.gradient(p))) {
        for (double value : Parts.values(tape, each)) {
          assertTrue(Double.isFinite(value));
        }
      }
    }
  }
}
