package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.train.ParameterStore;

class EnergyNetTest {
  private static final int CODE = 6;
  private static final int HIDDEN = 24;

  private final ParameterStore store = Machines.store(Machines.DOUBLE);

  private static double[] values(Tape tape, ParameterStore store, String name) {
    Parameter parameter =
        store.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    return tape.engine().hostView(tape.parameter(parameter)).toDoubles();
  }

  private static double[] layer(double[] weight, double[] bias, double[] x) {
    double[] out = bias.clone();
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < x.length; j++) {
        out[i] += weight[i * x.length + j] * x[j];
      }
    }
    return out;
  }

  private static double[] active(double[] x, EnergyConfig.Unit unit) {
    double[] out = x.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = unit == EnergyConfig.Unit.RELU ? Math.max(0, x[i]) : Math.tanh(x[i]);
    }
    return out;
  }

  /** The net as the paper draws it: one row, number and code side by side, no sharing. */
  private double plain(Tape tape, double x, double[] code, EnergyConfig.Unit unit) {
    double[] input = new double[1 + CODE];
    input[0] = x;
    System.arraycopy(code, 0, input, 1, CODE);
    double[] h =
        layer(
            values(tape, store, "energy.first.weight"),
            values(tape, store, "energy.first.bias"),
            input);
    String block = "energy.block0.";
    double[] inside =
        layer(
            values(tape, store, block + "first.weight"),
            values(tape, store, block + "first.bias"),
            active(h, unit));
    double[] update =
        layer(
            values(tape, store, block + "second.weight"),
            values(tape, store, block + "second.bias"),
            active(inside, unit));
    for (int i = 0; i < HIDDEN; i++) {
      h[i] += update[i];
    }
    double raw =
        layer(
            values(tape, store, "energy.last.weight"),
            values(tape, store, "energy.last.bias"),
            active(h, unit))[0];
    return -(Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw))));
  }

  @ParameterizedTest
  @EnumSource(EnergyConfig.Unit.class)
  void isTheNetOverTheConcatenation(EnergyConfig.Unit unit) {
    AemNets nets = Machines.nets(Machines.config("energy-unit", unit.name()), 2, 0, store);
    double[] points = Machines.normal(15, 1);
    double[] codes = Machines.normal(3 * CODE, 2);
    try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray out =
          nets.energy()
              .bind(Binding.evaluate(tape))
              .apply(
                  tape.constant(points, new Shape(3, 5)), tape.constant(codes, new Shape(3, CODE)));
      assertEquals(new Shape(3, 5), out.getShape());
      double[] actual = tape.engine().hostView(out).toDoubles();
      for (int g = 0; g < 3; g++) {
        double[] code = new double[CODE];
        System.arraycopy(codes, g * CODE, code, 0, CODE);
        for (int k = 0; k < 5; k++) {
          assertEquals(plain(tape, points[g * 5 + k], code, unit), actual[g * 5 + k], 1e-12);
          assertTrue(actual[g * 5 + k] <= 0);
        }
      }
    }
  }

  @Test
  void recordedAndNotGivesTheSame() {
    AemNets nets = Machines.nets(Machines.config(), 2, 0, store);
    double[][] both = new double[2][];
    Tape.Mode[] modes = {Tape.Mode.EVALUATE, Tape.Mode.FIRST_ORDER};
    for (int i = 0; i < 2; i++) {
      try (Tape tape = Machines.DOUBLE.newTape(modes[i])) {
        NDArray out =
            nets.energy()
                .bind(Binding.evaluate(tape))
                .apply(
                    tape.constant(Machines.normal(8, 1), new Shape(2, 4)),
                    tape.constant(Machines.normal(2 * CODE, 2), new Shape(2, CODE)));
        both[i] = tape.engine().hostView(out).toDoubles();
      }
    }
    assertArrayEquals(both[0], both[1]);
  }
}
