package org.thalweg.toolkit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.ParameterStore;

class ResidualNetTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private static final int IN = 3;
  private static final int CONTEXT = 2;
  private static final int HIDDEN = 4;
  private static final int OUT = 5;

  private final ParameterStore store = new ParameterStore(ENGINE, new Seed(8));
  private final ResidualNet net =
      new ResidualNet(store, IN, CONTEXT, new NetSize(HIDDEN, 2, 0), OUT, Head.usual(HIDDEN));

  @Test
  void countsOfAKnownArchitecture() {
    int first = HIDDEN * (IN + CONTEXT) + HIDDEN;
    int block = 2 * (HIDDEN * HIDDEN + HIDDEN) + (HIDDEN * CONTEXT + HIDDEN);
    assertEquals(first + 2 * block + OUT * HIDDEN + OUT, store.size());
  }

  @Test
  void isWhatLoopsOverItsWeightsGive() {
    // A fresh block does almost nothing: make every weight count.
    double[] memory = store.snapshot();
    for (int i = 0; i < memory.length; i++) {
      memory[i] = Math.sin(1 + i);
    }
    store.restore(memory);
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = Draws.normal(tape, new Seed(1), new Shape(1, IN));
      NDArray c = Draws.normal(tape, new Seed(2), new Shape(1, CONTEXT));
      NDArray out = net.bind(Binding.evaluate(tape)).given(Optional.of(c)).apply(x);
      double[] expected =
          loops(
              store.parameters().stream()
                  .collect(Collectors.toMap(Parameter::name, p -> values(tape.parameter(p)))),
              values(x),
              values(c));
      assertArrayEquals(expected, values(out), 1e-12);
    }
  }

  private static double[] loops(Map<String, double[]> w, double[] x, double[] c) {
    double[] joined = {x[0], x[1], x[2], c[0], c[1]};
    double[] h = affine(w, "first", joined, HIDDEN);
    for (String block : new String[] {"block0.", "block1."}) {
      double[] inner = affine(w, block + "first", map(h, v -> Math.max(v, 0)), HIDDEN);
      double[] update = affine(w, block + "second", map(inner, v -> Math.max(v, 0)), HIDDEN);
      double[] gate = affine(w, block + "gate", c, HIDDEN);
      for (int i = 0; i < HIDDEN; i++) {
        h[i] += update[i] / (1 + Math.exp(-gate[i]));
      }
    }
    return affine(w, "last", h, OUT);
  }

  private static double[] map(double[] x, Function<Double, Double> f) {
    return Arrays.stream(x).map(f::apply).toArray();
  }

  private static double[] affine(Map<String, double[]> w, String name, double[] x, int out) {
    double[] y = w.get(name + ".bias").clone();
    for (int i = 0; i < out; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += w.get(name + ".weight")[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  private static double[] values(NDArray array) {
    return ENGINE.hostView(array).toDoubles();
  }

  @Test
  void aContextServesConsecutiveRows() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = Draws.normal(tape, new Seed(1), new Shape(6, IN));
      NDArray c = Draws.normal(tape, new Seed(2), new Shape(2, CONTEXT));
      ResidualNet.Bound bound = net.bind(Binding.evaluate(tape));
      NDArray shared = bound.given(Optional.of(c)).apply(x);
      NDArray spelled = bound.given(Optional.of(c.repeat(0, 3))).apply(x);
      assertArrayEquals(values(spelled), values(shared), 1e-14);
      NDArray five = x.get("0:5");
      var refused =
          assertThrows(ThalwegException.class, () -> bound.given(Optional.of(c)).apply(five));
      assertTrue(refused.getMessage().contains("2 contexts, got 5 rows"), refused.getMessage());
    }
  }

  @Test
  void contextsAreCheckedAgainstWhatWasDeclared() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      Context two = Context.of(Draws.normal(tape, new Seed(2), new Shape(4, 2)));
      assertTrue(Contexts.rows(two, 2).isPresent());
      assertTrue(Contexts.rows(Context.none(), 0).isEmpty());
      assertThrows(ThalwegException.class, () -> Contexts.rows(two, 3));
      assertThrows(ThalwegException.class, () -> Contexts.rows(two, 0));
      assertThrows(ThalwegException.class, () -> Contexts.rows(Context.none(), 2));
    }
  }
}
