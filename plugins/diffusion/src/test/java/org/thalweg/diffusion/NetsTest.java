package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.train.ParameterStore;

/** The nets, in double precision, against finite differences. */
class NetsTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  private static final ScoreNetConfig SIZE = new ScoreNetConfig(12, 2, 3);

  private static VelocityNet net(String name, ParameterStore store) {
    VelocityNet net =
        switch (name) {
          case "table" -> new TableNet(store, 4, 2, SIZE);
          case "image" -> new ImageNet(store, new ImageShape(2, 4, 2), 2, 2, SIZE);
          default -> new ImageNet(store, new ImageShape(1, 3, 3), 2, 3, SIZE);
        };
    disturb(store);
    return net;
  }

  private static int dimension(String name) {
    return name.equals("table") ? 4 : name.equals("image") ? 16 : 9;
  }

  private static void disturb(ParameterStore store) {
    double[] memory = store.snapshot();
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < memory.length; i++) {
      memory[i] += 0.2 * random.nextGaussian();
    }
    store.restore(memory);
  }

  private static double[] normal(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[n];
    Arrays.setAll(out, i -> random.nextGaussian());
    return out;
  }

  private static Angle[] angles(int n) {
    Angle[] out = new Angle[n];
    Arrays.setAll(out, i -> Angle.of(0.01 + 1.5 * i / n));
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "image", "odd image"})
  void directionalDerivativesAreDifferences(String name) {
    int d = dimension(name);
    int n = 5;
    ParameterStore store = new ParameterStore(ENGINE, new Seed(1));
    Velocity velocity = new NetVelocity(ENGINE, net(name, store), d, normal(2 * n, 2), 2);
    int[] rows = {0, 1, 2, 3, 4};
    double[] y = normal(n * d, 3);
    int probes = 3;
    Directions.Random random =
        Directions.random(Directions.Law.GAUSSIAN, probes, d, 0, n, new Seed(4));
    double[] estimates = velocity.change(rows, angles(n), y, random).divergence();
    double[] exact = velocity.change(rows, angles(n), y, new Directions.Axes(d)).divergence();
    double[] trace = new double[n];
    double h = 1e-5;
    for (int j = 0; j < d; j++) {
      double[] difference = difference(velocity, rows, y, d, axis(j, d, n), h);
      for (int i = 0; i < n; i++) {
        trace[i] += difference[i * d + j];
      }
    }
    for (int i = 0; i < n; i++) {
      assertEquals(trace[i], exact[i], 1e-6 * (1 + Math.abs(trace[i])), "trace of row " + i);
    }
    for (int k = 0; k < probes; k++) {
      double[] along = Arrays.copyOfRange(random.select(rows), k * n * d, (k + 1) * n * d);
      double[] difference = difference(velocity, rows, y, d, along, h);
      for (int i = 0; i < n; i++) {
        double product = 0;
        for (int j = i * d; j < (i + 1) * d; j++) {
          product += along[j] * difference[j];
        }
        double estimate = estimates[i * probes + k];
        assertEquals(product, estimate, 1e-6 * (1 + Math.abs(product)), "row " + i + ", " + k);
      }
    }
    assertTrue(Arrays.stream(trace).map(Math::abs).max().orElseThrow() > 1e-2, "it depends on y");
  }

  private static double[] axis(int j, int d, int n) {
    double[] out = new double[n * d];
    for (int i = 0; i < n; i++) {
      out[i * d + j] = 1;
    }
    return out;
  }

  private static double[] difference(
      Velocity velocity, int[] rows, double[] y, int d, double[] along, double h) {
    double[] up = y.clone();
    double[] down = y.clone();
    for (int i = 0; i < y.length; i++) {
      up[i] += h * along[i];
      down[i] -= h * along[i];
    }
    double[] above = velocity.velocity(rows, angles(rows.length), up);
    double[] below = velocity.velocity(rows, angles(rows.length), down);
    double[] out = new double[y.length];
    Arrays.setAll(out, i -> (above[i] - below[i]) / (2 * h));
    return out;
  }

  /** Time, context and every trainable number matter. */
  @ParameterizedTest
  @ValueSource(strings = {"table", "image", "odd image"})
  void allIsUsed(String name) {
    int d = dimension(name);
    ParameterStore store = new ParameterStore(ENGINE, new Seed(1));
    VelocityNet net = net(name, store);
    try (Tape tape = ENGINE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray y = tape.constant(normal(3 * d, 5), new Shape(3, d));
      NDArray time = tape.constant(new double[] {-3, 0, 2}, new Shape(3, 1));
      NDArray context = tape.constant(normal(6, 6), new Shape(3, 2));
      NDArray out =
          net.bind(Binding.evaluate(tape)).apply(Dual.of(y), time, Optional.of(context)).value();
      tape.backward(out.square().sum());
      store
          .trainable()
          .forEach(
              p -> {
                double[] gradient = ENGINE.hostView(tape.gradient(p)).toDoubles();
                assertTrue(Arrays.stream(gradient).anyMatch(g -> g != 0), p + " has no gradient");
              });
    }
    int[] rows = {0, 0, 0, 1};
    Velocity velocity = new NetVelocity(ENGINE, net, d, normal(4, 7), 2);
    double[] same = normal(d, 8);
    double[] y = new double[4 * d];
    Arrays.setAll(y, i -> same[i % d]);
    Angle[] at = {Angle.of(0.1), Angle.of(0.1), Angle.of(1), Angle.of(0.1)};
    double[] f = velocity.velocity(rows, at, y);
    assertEquals(f[0], f[d], 0, "the same row twice");
    assertTrue(Math.abs(f[0] - f[2 * d]) > 1e-6, "another time");
    assertTrue(Math.abs(f[0] - f[3 * d]) > 1e-6, "another context");
  }

  /** A fresh net takes the data for standard normal. */
  @Test
  void aFreshNetSaysNextToNothing() {
    ParameterStore store = new ParameterStore(ENGINE, new Seed(1));
    Velocity velocity =
        new NetVelocity(ENGINE, new TableNet(store, 3, 0, SIZE), 3, new double[0], 0);
    double[] f = velocity.velocity(new int[] {0, 1}, angles(2), normal(6, 9));
    assertTrue(Arrays.stream(f).map(Math::abs).max().orElseThrow() < 0.02);
  }

  /** log N far from 0: silu is exact there, and its derivative is no NaN. */
  @Test
  void farNumbersStayNumbers() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[] {-1e4, -800, 0, 800, 1e4}, new Shape(1, 5));
      NDArray ones = tape.constant(new double[] {1, 1, 1, 1, 1}, new Shape(1, 1, 5));
      Dual out = new Dual(x, Optional.of(ones)).silu();
      double[] values = ENGINE.hostView(out.value()).toDoubles();
      double[] rates = ENGINE.hostView(out.rates().orElseThrow()).toDoubles();
      assertEquals(0, values[0], 0);
      assertEquals(1e4, values[4], 0);
      assertEquals(0, rates[1], 0);
      assertEquals(0.5, rates[2], 1e-15);
      assertEquals(1, rates[3], 0);
    }
  }
}
