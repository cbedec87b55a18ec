package org.thalweg.toolkit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.ParameterStore;

class ResMadeTest {
  private static final int ROWS = 6;
  private static final int PER = 3;
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  private static ResMade net(int dimension, int context, NetSize size) {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(5));
    return new ResMade(store, dimension, context, size, PER, Head.usual(size.hidden()));
  }

  private static NDArray normal(Tape tape, long seed, long rows, long columns) {
    return Draws.normal(tape, new Seed(seed), new Shape(rows, columns));
  }

  /** Widths that are no multiple of D - 1, as in figure 7 of the paper with D = 3, H = 4. */
  @ParameterizedTest
  @CsvSource({"1,3,0", "1,3,2", "2,5,0", "2,5,2", "3,4,0", "3,4,2", "7,20,0", "7,20,2"})
  void outputsSeeTheDimensionsBeforeThemAndNoOther(int dimension, int hidden, int context) {
    ResMade net = net(dimension, context, new NetSize(hidden, 2, 0));
    for (int d = 0; d < dimension; d++) {
      try (Tape tape = ENGINE.newTape(Tape.Mode.FIRST_ORDER)) {
        NDArray x = tape.variable(normal(tape, 1, ROWS, dimension));
        NDArray c = tape.variable(normal(tape, 2, ROWS, context));
        NDArray out =
            net.bind(Binding.evaluate(tape))
                .given(context == 0 ? Optional.empty() : Optional.of(c))
                .apply(x);
        assertEquals(new Shape(ROWS, dimension, PER), out.getShape());
        tape.backward(out.get(new NDIndex(":, {}", d)).sum());
        double[] gradient = ENGINE.hostView(tape.gradient(x)).toDoubles();
        for (int j = 0; j < dimension; j++) {
          int column = j;
          double size =
              IntStream.range(0, ROWS)
                  .mapToDouble(i -> Math.abs(gradient[i * dimension + column]))
                  .sum();
          assertEquals(j < d, size > 0, "d out " + d + " / d x " + j + " = " + size);
        }
        for (double value : ENGINE.hostView(tape.gradient(c)).toDoubles()) {
          assertTrue(Math.abs(value) > 0, "the context does not reach output " + d);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,0,EVALUATE", "4,0,EVALUATE", "4,2,EVALUATE", "4,0,FIRST_ORDER", "4,2,FIRST_ORDER"})
  void walkingGivesWhatOnePassGives(int dimension, int context, Tape.Mode mode) {
    ResMade net = net(dimension, context, new NetSize(9, 2, 0));
    try (Tape tape = ENGINE.newTape(mode)) {
      NDArray x = normal(tape, 1, 6, dimension);
      Optional<NDArray> c =
          context == 0 ? Optional.empty() : Optional.of(normal(tape, 2, 3, context));
      ResMade.Conditioned given = net.bind(Binding.evaluate(tape)).given(c);
      NDArray all = given.apply(x);
      Walk walk = given.walk(6);
      for (int d = 0; d < dimension; d++) {
        assertArrayEquals(
            ENGINE.hostView(all.get(new NDIndex(":, {}", d))).toDoubles(),
            ENGINE.hostView(walk.outputs()).toDoubles(),
            1e-12);
        walk.accept(x.get(new NDIndex(":, {}:{}", d, d + 1)));
      }
    }
  }

  @Test
  void countsOfAKnownArchitecture() {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(0));
    new ResMade(store, 3, 2, new NetSize(4, 2, 0), 5, Head.usual(4));
    int first = 4 * (3 + 2) + 4;
    int block = 2 * (4 * 4 + 4) + (4 * 2 + 4);
    int last = 3 * 5 * 4 + 3 * 5;
    assertEquals(first + 2 * block + last, store.size());
  }

  @Test
  void aFreshNetIsNearItsPattern() {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(0));
    ResMade net = new ResMade(store, 3, 0, new NetSize(8, 2, 0), 2, Head.near(0.5, -2));
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray out =
          net.bind(Binding.evaluate(tape)).given(Optional.empty()).apply(normal(tape, 1, 5, 3));
      double[] values = ENGINE.hostView(out).toDoubles();
      for (int i = 0; i < values.length; i++) {
        assertEquals(i % 2 == 0 ? 0.5 : -2, values[i], 0.05);
      }
    }
  }

  @Test
  void refusesANetTooNarrowToPassOnEveryDimension() {
    assertEquals(6, ResMade.narrowest(7, 0));
    assertEquals(7, ResMade.narrowest(7, 1));
    var refused = assertThrows(ThalwegException.class, () -> net(7, 0, new NetSize(5, 1, 0)));
    assertTrue(refused.getMessage().contains("at least 6 hidden units"), refused.getMessage());
  }

  @Test
  void dropoutFollowsTheSeedAndIsOffInEvaluation() {
    ResMade net = net(3, 0, new NetSize(32, 2, 0.5));
    double[] plain = outputs(net, Binding.Mode.EVALUATE, 1);
    double[] dropped = outputs(net, Binding.Mode.TRAIN, 1);
    assertArrayEquals(plain, outputs(net, Binding.Mode.EVALUATE, 2));
    assertArrayEquals(dropped, outputs(net, Binding.Mode.TRAIN, 1));
    assertFalse(Arrays.equals(plain, dropped));
    assertFalse(Arrays.equals(dropped, outputs(net, Binding.Mode.TRAIN, 2)));
  }

  private static double[] outputs(ResMade net, Binding.Mode mode, long seed) {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      ResMade.Conditioned given =
          net.bind(new Binding(tape, mode, new Seed(seed))).given(Optional.empty());
      NDArray x = normal(tape, 1, 4, 3);
      double[] first = ENGINE.hostView(given.apply(x)).toDoubles();
      assertArrayEquals(first, ENGINE.hostView(given.apply(x)).toDoubles());
      return first;
    }
  }

  @Test
  void dropoutKeepsTheExpectation() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      Binding binding = new Binding(tape, Binding.Mode.TRAIN, new Seed(3));
      NDArray ones = tape.manager().ones(new Shape(500, 100), DataType.FLOAT64);
      double[] values = ENGINE.hostView(new Dropout(0.2).bind(binding).apply(ones)).toDoubles();
      double mean = Arrays.stream(values).average().orElseThrow();
      assertEquals(1, mean, 5 * 0.5 / Math.sqrt(50_000));
      assertTrue(Arrays.stream(values).allMatch(v -> v == 0 || Math.abs(v - 1.25) < 1e-12));
    }
  }
}
