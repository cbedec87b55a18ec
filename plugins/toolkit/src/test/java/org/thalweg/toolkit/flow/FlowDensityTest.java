package org.thalweg.toolkit.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.train.ParameterStore;

class FlowDensityTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  /** {@code y = factor x + shift}, whatever the context. */
  private static TrainableTransform affine(double factor, double shift) {
    return binding ->
        context ->
            new Transform(new Shape(2)) {
              @Override
              public Cost forwardCost() {
                return Cost.ONE_PASS;
              }

              @Override
              public Cost inverseCost() {
                return Cost.SEQUENTIAL;
              }

              @Override
              protected Mapped mapForward(NDArray x) {
                return new Mapped(x.mul(factor).add(shift), logDet(x, 2 * Math.log(factor)));
              }

              @Override
              protected Mapped mapInverse(NDArray y) {
                return new Mapped(y.sub(shift).div(factor), logDet(y, -2 * Math.log(factor)));
              }
            };
  }

  private static NDArray logDet(NDArray x, double value) {
    return x.getManager()
        .full(new Shape(x.getShape().get(0)), (float) 0, DataType.FLOAT64)
        .add(value);
  }

  private static TrainableDensity flow(int context) {
    BuildContext build =
        new BuildContext(
            new Shape(2),
            new Shape(context),
            new ParameterStore(ENGINE, new Seed(0)),
            Registry.builder().build());
    return new FlowDensity(
        build, List.of(affine(2, 1), affine(5, 0)), new StandardNormal(new Shape(2)));
  }

  private static double[] values(NDArray array) {
    return ENGINE.hostView(array).toDoubles();
  }

  @Test
  void countsEveryJacobian() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      Density density = flow(0).bind(Binding.evaluate(tape)).given(Context.none());
      NDArray x = tape.constant(new double[] {-0.5, -0.5, 0.1, -0.3}, new Shape(2, 2));
      double[] expected = {
        2 * Math.log(10) - LOG_2_PI,
        2 * Math.log(10) - LOG_2_PI - 0.5 * (Math.pow(5 * 1.2, 2) + Math.pow(5 * 0.4, 2))
      };
      assertArrayEquals(expected, values(density.logDensity(x)), 1e-12);
      assertEquals(Cost.ONE_PASS, density.densityCost());
      assertEquals(Cost.SEQUENTIAL, density.sampleCost());
    }
  }

  @Test
  void drawsCarryTheirDensityAndFollowTheirContexts() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      Context three = Context.of(tape.constant(new double[3], new Shape(3, 1)));
      Density density = flow(1).bind(Binding.evaluate(tape)).given(three);
      Density.Draw draw = density.sampleWithLogDensity(4, new Seed(1));
      assertEquals(new Shape(12, 2), draw.value().getShape());
      assertArrayEquals(values(density.logDensity(draw.value())), values(draw.logDensity()), 1e-12);
    }
  }

  @Test
  void refusesContextsAndEventsOfOtherShapes() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      var bound = flow(1).bind(Binding.evaluate(tape));
      assertThrows(ThalwegException.class, () -> bound.given(Context.none()));
      Context two = Context.of(tape.constant(new double[2], new Shape(2, 1)));
      NDArray three = tape.constant(new double[6], new Shape(3, 2));
      NDArray wide = tape.constant(new double[6], new Shape(2, 3));
      assertThrows(ThalwegException.class, () -> bound.given(two).logDensity(three));
      var refused = assertThrows(ThalwegException.class, () -> bound.given(two).logDensity(wide));
      assertTrue(refused.getMessage().contains("(2, 3)"), refused.getMessage());
    }
  }

  @Test
  void aMixtureIntegratesToOneAndMatchesItsDraws() {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(4));
    GaussianMixtureBase mixture = new GaussianMixtureBase(store, 1, 3);
    double[] memory = store.snapshot();
    for (int i = 0; i < memory.length; i++) {
      memory[i] += Math.cos(i);
    }
    store.restore(memory);
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      Density density = mixture.bind(Binding.evaluate(tape)).given(Context.none());
      int n = 4001;
      double[] grid = new double[n];
      Arrays.setAll(grid, i -> -20 + 40.0 * i / (n - 1));
      double[] p = values(density.logDensity(tape.constant(grid, new Shape(n, 1))).exp());
      double step = 40.0 / (n - 1);
      assertEquals(1, Arrays.stream(p).sum() * step, 1e-6);
      double mean = 0;
      double square = 0;
      for (int i = 0; i < n; i++) {
        mean += grid[i] * p[i] * step;
        square += grid[i] * grid[i] * p[i] * step;
      }
      Density.Draw draw = density.sampleWithLogDensity(40_000, new Seed(1));
      double[] x = values(draw.value());
      double deviation = Math.sqrt(square - mean * mean);
      assertEquals(mean, Arrays.stream(x).average().orElseThrow(), 5 * deviation / 200);
      assertEquals(square, Arrays.stream(x).map(v -> v * v).average().orElseThrow(), 0.05 * square);
      assertArrayEquals(values(density.logDensity(draw.value())), values(draw.logDensity()), 1e-12);
    }
  }

  @Test
  void everyPartOfAMixtureLearns() {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(4));
    GaussianMixtureBase mixture = new GaussianMixtureBase(store, 2, 3);
    try (Tape tape = ENGINE.newTape(Tape.Mode.FIRST_ORDER)) {
      Density density = mixture.bind(Binding.evaluate(tape)).given(Context.none());
      NDArray x = tape.constant(new double[] {0.3, -1, 2, 0.5}, new Shape(2, 2));
      tape.backward(density.logDensity(x).sum());
      store
          .trainable()
          .forEach(
              p ->
                  assertTrue(
                      Arrays.stream(values(tape.gradient(p))).allMatch(v -> v != 0), p.name()));
    }
  }
}
