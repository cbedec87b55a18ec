package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.train.ParameterStore;

class TransformsTest {
  private static final int CONTEXTS = 3;
  private static final int PER_CONTEXT = 4;
  private static final int ROWS = CONTEXTS * PER_CONTEXT;

  private record Case(Choice choice, int dimension, int context) {
    @Override
    public String toString() {
      return choice.name() + choice.options() + " D=" + dimension + " C=" + context;
    }
  }

  private static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int dimension : new int[] {1, 2, 3, 7}) {
      for (int context : new int[] {0, 2}) {
        for (String univariate : List.of("affine", "rational-quadratic")) {
          Map<String, Object> net = Map.of("hidden", 9, "blocks", 1, "univariate", univariate);
          cases.add(new Case(new Choice("autoregressive", net), dimension, context));
          for (String rest : List.of("free", "fixed")) {
            Map<String, Object> coupling = new HashMap<>(net);
            coupling.put("rest", rest);
            coupling.put("transformed", rest.equals("free") ? "even" : "odd");
            cases.add(new Case(new Choice("coupling", coupling), dimension, context));
          }
        }
        cases.add(new Case(Choice.of("lu-linear"), dimension, context));
        cases.add(new Case(Choice.of("permutation"), dimension, context));
        cases.add(
            new Case(new Choice("permutation", Map.of("order", "reverse")), dimension, context));
      }
    }
    return cases.stream();
  }

  private static TrainableTransform disturbed(ParameterStore store, Case c) {
    TrainableTransform transform = Parts.transform(store, c.choice, c.dimension, c.context);
    Parts.disturb(store, 0.3);
    return transform;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inverseUndoesForwardInBothPrecisions(Case c) {
    for (Engine engine : List.of(Parts.SINGLE, Parts.DOUBLE)) {
      double eps = engine == Parts.SINGLE ? 1e-4 : 1e-12;
      TrainableTransform trainable = disturbed(Parts.store(engine, 1), c);
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Transform transform =
            trainable.bind(Binding.evaluate(tape)).given(Parts.context(tape, CONTEXTS, c.context));
        NDArray x = Parts.normal(tape, 3, ROWS, c.dimension);
        Mapped forward = transform.forward(x);
        assertEquals(new Shape(ROWS), forward.logAbsDet().getShape());
        Mapped back = transform.inverse(forward.value());
        // Where a spline is nearly flat, rounding y moves x a lot: compare on the noise side.
        Mapped again = transform.forward(back.value());
        assertArrayEquals(
            Parts.values(tape, forward.value()), Parts.values(tape, again.value()), eps);
        assertArrayEquals(
            Parts.values(tape, again.logAbsDet().neg()),
            Parts.values(tape, back.logAbsDet()),
            100 * eps);
        if (engine == Parts.DOUBLE) {
          assertArrayEquals(Parts.values(tape, x), Parts.values(tape, back.value()), 1e-10);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logAbsDetIsThatOfTheNumericalJacobian(Case c) {
    TrainableTransform trainable = disturbed(Parts.store(Parts.DOUBLE, 1), c);
    int d = c.dimension;
    double h = 1e-6;
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform =
          trainable.bind(Binding.evaluate(tape)).given(Parts.context(tape, CONTEXTS, c.context));
      NDArray x = Parts.normal(tape, 3, ROWS, d);
      double[] analytic = Parts.values(tape, transform.forward(x).logAbsDet());
      double[][][] jacobian = new double[ROWS][d][d];
      for (int j = 0; j < d; j++) {
        double[] step = new double[d];
        step[j] = h;
        NDArray shift = tape.constant(step, new Shape(1, d));
        double[] up = Parts.values(tape, transform.forward(x.add(shift)).value());
        double[] down = Parts.values(tape, transform.forward(x.sub(shift)).value());
        for (int n = 0; n < ROWS; n++) {
          for (int i = 0; i < d; i++) {
            jacobian[n][i][j] = (up[n * d + i] - down[n * d + i]) / (2 * h);
          }
        }
      }
      for (int n = 0; n < ROWS; n++) {
        assertEquals(Determinant.logAbs(jacobian[n]), analytic[n], 1e-4, "row " + n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyParameterGetsAGradientInBothDirections(Case c) {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform trainable = disturbed(store, c);
    for (boolean forward : new boolean[] {true, false}) {
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
        Transform transform =
            trainable.bind(Binding.evaluate(tape)).given(Parts.context(tape, ROWS, c.context));
        NDArray x = tape.variable(Parts.normal(tape, 3, ROWS, c.dimension));
        Mapped mapped = forward ? transform.forward(x) : transform.inverse(x);
        tape.backward(mapped.value().square().sum().add(mapped.logAbsDet().sum()));
        for (Parameter p : store.trainable()) {
          if (unconnected(p, c)) {
            continue;
          }
          double[] gradient = Parts.values(tape, tape.gradient(p));
          double size = Arrays.stream(gradient).map(Math::abs).sum();
          assertTrue(size > 0 && Double.isFinite(size), p.name() + " has gradient " + size);
        }
      }
    }
  }

  /** Both in the direction that training takes and in the one that it seldom takes. */
  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreThoseOfFiniteDifferences(Case c) {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform trainable = disturbed(store, c);
    double[] memory = store.snapshot();
    double h = 1e-6;
    for (boolean forward : new boolean[] {true, false}) {
      double[] gradient = gradient(store, trainable, c, forward);
      for (int i = 0; i < memory.length; i += 1 + memory.length / 60) {
        double[] moved = memory.clone();
        moved[i] = memory[i] + h;
        store.restore(moved);
        double up = density(trainable, c, forward);
        moved[i] = memory[i] - h;
        store.restore(moved);
        double down = density(trainable, c, forward);
        store.restore(memory);
        assertEquals((up - down) / (2 * h), gradient[i], 1e-4, "number " + i);
      }
    }
  }

  private static NDArray density(Tape tape, TrainableTransform trainable, Case c, boolean forward) {
    Transform transform =
        trainable.bind(Binding.evaluate(tape)).given(Parts.context(tape, ROWS, c.context));
    NDArray x = Parts.normal(tape, 3, ROWS, c.dimension);
    Mapped mapped = forward ? transform.forward(x) : transform.inverse(x);
    return mapped.value().square().sum().mul(-0.5).add(mapped.logAbsDet().sum());
  }

  private static double density(TrainableTransform trainable, Case c, boolean forward) {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      return Parts.values(tape, density(tape, trainable, c, forward))[0];
    }
  }

  /** The gradient by the numbers of the store's memory. */
  private static double[] gradient(
      ParameterStore store, TrainableTransform trainable, Case c, boolean forward) {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      tape.backward(density(tape, trainable, c, forward));
      double[] all = new double[store.memorySize()];
      for (Parameter p : store.trainable()) {
        double[] own = Parts.values(tape, tape.gradient(p));
        System.arraycopy(own, 0, all, Math.toIntExact(p.offset()), own.length);
      }
      return all;
    }
  }

  /** One column without a context is a function of the last biases alone. */
  private static boolean unconnected(Parameter p, Case c) {
    return c.choice.name().equals("autoregressive")
        && c.dimension == 1
        && (c.context == 0 || p.name().equals("first.weight"))
        && !p.name().equals("last.bias");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void takesEmptyBatchesAndRefusesOtherWidths(Case c) {
    TrainableTransform trainable = disturbed(Parts.store(Parts.SINGLE, 1), c);
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform =
          trainable.bind(Binding.evaluate(tape)).given(Parts.context(tape, 0, c.context));
      NDArray none = Parts.normal(tape, 1, 0, c.dimension);
      assertEquals(none.getShape(), transform.forward(none).value().getShape());
      assertEquals(new Shape(0), transform.inverse(none).logAbsDet().getShape());
      NDArray wide = Parts.normal(tape, 1, 2, c.dimension + 1);
      assertThrows(ThalwegException.class, () -> transform.forward(wide));
    }
  }

  @Test
  void inverseHoldsUnderDropout() {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    Choice choice = new Choice("autoregressive", Map.of("dropout", 0.5));
    TrainableTransform trainable = Parts.transform(store, choice, 5, 0);
    Parts.disturb(store, 0.3);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform =
          trainable.bind(new Binding(tape, Binding.Mode.TRAIN, new Seed(3))).given(Context.none());
      NDArray x = Parts.normal(tape, 3, 10, 5);
      double[] back = Parts.values(tape, transform.inverse(transform.forward(x).value()).value());
      assertArrayEquals(Parts.values(tape, x), back, 1e-9);
    }
  }

  @Test
  void costs() {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Binding binding = Binding.evaluate(tape);
      Transform autoregressive =
          Parts.transform(Parts.store(Parts.DOUBLE, 1), Choice.of("autoregressive"), 3, 0)
              .bind(binding)
              .given(Context.none());
      assertEquals(Cost.ONE_PASS, autoregressive.forwardCost());
      assertEquals(Cost.SEQUENTIAL, autoregressive.inverseCost());
      Transform coupling =
          Parts.transform(Parts.store(Parts.DOUBLE, 1), Choice.of("coupling"), 3, 0)
              .bind(binding)
              .given(Context.none());
      assertEquals(Cost.ONE_PASS, coupling.forwardCost());
      assertEquals(Cost.ONE_PASS, coupling.inverseCost());
    }
  }

  @Test
  void anAutoregressiveJacobianIsLowerTriangular() {
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform trainable = Parts.transform(store, Choice.of("autoregressive"), 4, 0);
    Parts.disturb(store, 0.3);
    for (int i = 0; i < 4; i++) {
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
        NDArray x = tape.variable(Parts.normal(tape, 3, 1, 4));
        Mapped mapped = trainable.bind(Binding.evaluate(tape)).given(Context.none()).forward(x);
        tape.backward(mapped.value().get(0).get(i));
        double[] gradient = Parts.values(tape, tape.gradient(x));
        for (int j = 0; j < 4; j++) {
          assertEquals(j <= i, gradient[j] != 0, "d y" + i + " / d x" + j);
        }
      }
    }
  }

  @Test
  void aFreshLuLinearIsItsPermutationAndThatIsNeverTrivial() {
    for (long seed = 0; seed < 10; seed++) {
      ParameterStore store = Parts.store(Parts.DOUBLE, seed);
      TrainableTransform trainable = Parts.transform(store, Choice.of("lu-linear"), 2, 0);
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        Mapped mapped =
            trainable
                .bind(Binding.evaluate(tape))
                .given(Context.none())
                .forward(tape.constant(new double[] {3, 5}, new Shape(1, 2)));
        assertArrayEquals(new double[] {5, 3}, Parts.values(tape, mapped.value()), 1e-12);
        assertEquals(0, Parts.values(tape, mapped.logAbsDet())[0], 1e-12);
      }
    }
  }

  /** The residual, not the solution: the solution of an ill-conditioned system is not exact. */
  @Test
  void luLinearSolvesToRoundingInSinglePrecision() {
    ParameterStore store = Parts.store(Parts.SINGLE, 1);
    TrainableTransform trainable = Parts.transform(store, Choice.of("lu-linear"), 40, 0);
    Parts.disturb(store, 0.2);
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform = trainable.bind(Binding.evaluate(tape)).given(Context.none());
      NDArray y = Parts.normal(tape, 3, 50, 40);
      NDArray x = transform.inverse(y).value();
      double largest = x.abs().max().toType(DataType.FLOAT64, true).getDouble();
      double[] again = Parts.values(tape, transform.forward(x).value());
      assertArrayEquals(Parts.values(tape, y), again, 2e-6 * Math.max(1, largest));
    }
  }

  @Test
  void aMissingFamilyIsRefusedByName() {
    var refused =
        assertThrows(
            ThalwegException.class,
            () ->
                Parts.transform(
                    Parts.store(Parts.SINGLE, 1),
                    new Choice("coupling", Map.of("univariate", "rational-quadratik")),
                    2,
                    0));
    assertTrue(refused.getMessage().contains("'rational-quadratic'"), refused.getMessage());
  }
}
