package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.train.ParameterStore;

class LinearLayersTest {
  /** Skewed columns of very different sizes. */
  private static double[] skewed(int rows) {
    SplittableRandom random = new SplittableRandom(4);
    double[] out = new double[2 * rows];
    for (int i = 0; i < rows; i++) {
      out[2 * i] = 100 + 7 * random.nextExponential();
      out[2 * i + 1] = -0.01 * random.nextExponential();
    }
    return out;
  }

  @Test
  void actnormStartsFromABatch() {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform norm = Parts.transform(store, Choice.of("actnorm"), 2, 0);
    double[] batch = skewed(1000);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(batch, new Shape(1000, 2));
      Binding first = new Binding(tape, Binding.Mode.INITIALISE, new Seed(0));
      double[] then = Parts.values(tape, norm.bind(first).given(Context.none()).forward(x).value());
      double[] later =
          Parts.values(
              tape, norm.bind(Binding.evaluate(tape)).given(Context.none()).forward(x).value());
      assertArrayEquals(then, later);
      for (int j = 0; j < 2; j++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 1000; i++) {
          sum += then[2 * i + j];
          squares += then[2 * i + j] * then[2 * i + j];
        }
        assertEquals(0, sum / 1000, 1e-9);
        // The floor of 1e-3 is a tenth of the second column's deviation.
        assertEquals(1, Math.sqrt(squares / 999), j == 0 ? 1e-3 : 0.12);
      }
    }
  }

  /** In training by the batch, later by what was kept of the rows that were passed for it. */
  @Test
  void batchNormUsesTheBatchOrWhatItKept() {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform norm = Parts.transform(store, Choice.of("batch-norm"), 2, 0);
    assertTrue(store.hasStatistics());
    double[] batch = skewed(1000);
    double[] other = Arrays.stream(skewed(50)).map(v -> 3 * v - 1).toArray();
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(batch, new Shape(1000, 2));
      NDArray y = tape.constant(other, new Shape(50, 2));
      double[] inTraining = Parts.values(tape, mapped(tape, norm, Binding.Mode.TRAIN, x));
      for (int j = 0; j < 2; j++) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 1000; i++) {
          sum += inTraining[2 * i + j];
          squares += inTraining[2 * i + j] * inTraining[2 * i + j];
        }
        assertEquals(0, sum / 1000, 1e-9);
        // The floor of 1e-5 is a tenth of the second column's variance of 1e-4.
        assertEquals(1, Math.sqrt(squares / 1000), j == 0 ? 1e-4 : 0.06);
      }
      mapped(tape, norm, Binding.Mode.STATISTICS, x);
      double[] kept = Parts.values(tape, mapped(tape, norm, Binding.Mode.EVALUATE, x));
      assertArrayEquals(inTraining, kept, 1e-9);
      double[] before = Parts.values(tape, mapped(tape, norm, Binding.Mode.EVALUATE, y));
      mapped(tape, norm, Binding.Mode.TRAIN, y);
      assertArrayEquals(
          before, Parts.values(tape, mapped(tape, norm, Binding.Mode.EVALUATE, y)), "not kept");
    }
  }

  private static NDArray mapped(
      Tape tape, TrainableTransform transform, Binding.Mode mode, NDArray x) {
    return transform
        .bind(new Binding(tape, mode, new Seed(0)))
        .given(Context.none())
        .forward(x)
        .value();
  }

  @Test
  void aFreshQrIsARotationOrReflection() {
    for (int reflections : new int[] {1, 2, 10}) {
      ParameterStore store = Parts.store(Parts.DOUBLE, 1);
      Choice choice = new Choice("qr-linear", Map.of("reflections", reflections));
      TrainableTransform qr = Parts.transform(store, choice, 5, 0);
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        NDArray x = Parts.normal(tape, 1, 20, 5);
        Mapped mapped = qr.bind(Binding.evaluate(tape)).given(Context.none()).forward(x);
        double[] before = Parts.values(tape, x.square().sum(new int[] {1}));
        double[] after = Parts.values(tape, mapped.value().square().sum(new int[] {1}));
        assertArrayEquals(before, after, 1e-10);
        assertArrayEquals(new double[20], Parts.values(tape, mapped.logAbsDet()), 1e-12);
      }
    }
  }
}
