package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.flow.StandardNormal;
import org.thalweg.toolkit.train.ParameterStore;

/** Planar and radial flows against the paper's equations in plain Java. */
class ElementaryFlowsTest {
  private static final Map<String, Object> DENSITY = Map.of("fast", "density");

  private record Built(ParameterStore store, TrainableTransform transform) {
    static Built of(Engine engine, String name, double... parameters) {
      ParameterStore store = Parts.store(engine, 1);
      TrainableTransform transform = Parts.transform(store, new Choice(name, DENSITY), 2, 0);
      double[] memory = store.snapshot();
      // Parameters lie 16 numbers apart, in the order of their declaration.
      int[] sizes = name.equals("planar") ? new int[] {2, 2, 1} : new int[] {2, 1, 1};
      int next = 0;
      for (int k = 0; k < sizes.length; k++) {
        for (int i = 0; i < sizes[k]; i++) {
          memory[16 * k + i] = parameters[next++];
        }
      }
      store.restore(memory);
      return new Built(store, transform);
    }

    Transform on(Tape tape) {
      return transform.bind(Binding.evaluate(tape)).given(Context.none());
    }
  }

  @Test
  void planarIsItsEquations() {
    double[] w = {1.5, -0.5};
    double[] u = {-2, 1};
    double b = 0.3;
    double wu = w[0] * u[0] + w[1] * u[1];
    double allowed = -1 + 1e-3 + Math.log1p(Math.exp(wu));
    double scale = (allowed - wu) / (w[0] * w[0] + w[1] * w[1]);
    double[] corrected = {u[0] + scale * w[0], u[1] + scale * w[1]};
    double[] z = {0.7, -1.1};
    double bend = Math.tanh(w[0] * z[0] + w[1] * z[1] + b);
    Built planar = Built.of(Parts.DOUBLE, "planar", w[0], w[1], u[0], u[1], b);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Mapped mapped = planar.on(tape).forward(tape.constant(z, new Shape(1, 2)));
      double[] expected = {z[0] + corrected[0] * bend, z[1] + corrected[1] * bend};
      assertArrayEquals(expected, Parts.values(tape, mapped.value()), 1e-12);
      double slope = 1 + allowed * (1 - bend * bend);
      assertEquals(Math.log(slope), Parts.values(tape, mapped.logAbsDet())[0], 1e-12);
      assertEquals(Cost.NUMERICAL, planar.on(tape).inverseCost());
    }
  }

  @Test
  void radialIsItsEquations() {
    double[] centre = {0.5, -1};
    double alpha = Math.log1p(Math.exp(0.2)) + 1e-3;
    double beta = -alpha + Math.log1p(Math.exp(-3)) + 1e-3;
    double[] z = {2, 1};
    double r = Math.hypot(z[0] - centre[0], z[1] - centre[1]);
    double h = 1 / (alpha + r);
    Built radial = Built.of(Parts.DOUBLE, "radial", centre[0], centre[1], 0.2, -3);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Mapped mapped = radial.on(tape).forward(tape.constant(z, new Shape(1, 2)));
      double[] expected = {
        z[0] + beta * h * (z[0] - centre[0]), z[1] + beta * h * (z[1] - centre[1])
      };
      assertArrayEquals(expected, Parts.values(tape, mapped.value()), 1e-12);
      double determinant = (1 + beta * h) * (1 + beta * h - beta * h * h * r);
      assertEquals(Math.log(determinant), Parts.values(tape, mapped.logAbsDet())[0], 1e-12);
    }
  }

  /** Also where the softplus vanishes, at the centre, and in both precisions. */
  @Property(tries = 50)
  void inversesHoldForExtremeParameters(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 50) double scale) {
    for (String name : new String[] {"planar", "radial"}) {
      for (Engine engine : new Engine[] {Parts.SINGLE, Parts.DOUBLE}) {
        Built built = Built.of(engine, name, 0, 0, 0, 0, 0);
        double[] memory = built.store.snapshot();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < memory.length; i++) {
          memory[i] = scale * random.nextGaussian();
        }
        built.store.restore(memory);
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          double[] points = {0, 0, 1, -1, memory[0], memory[1], 1e6, 1e6, -3, 1e-8, 100, -1e4};
          NDArray z = tape.variable(tape.constant(points, new Shape(6, 2)));
          Mapped there = built.on(tape).forward(z);
          Mapped back = built.on(tape).inverse(there.value());
          tape.backward(back.value().sum().add(back.logAbsDet().sum()));
          for (NDArray each :
              new NDArray[] {there.logAbsDet(), back.logAbsDet(), tape.gradient(z)}) {
            for (double value : Parts.values(tape, each)) {
              assertTrue(Double.isFinite(value), name + " of scale " + scale + " gives " + value);
            }
          }
          if (engine == Parts.DOUBLE) {
            double[] found = Parts.values(tape, back.value());
            for (int i = 0; i < points.length; i++) {
              // A slope of at least 1e-3 over the largest stretch bounds what rounding does.
              assertEquals(points[i], found[i], 1e-6 * Math.max(1, Math.abs(points[i])) * scale);
            }
          }
        }
      }
    }
  }

  @Test
  void theyBuildADensity() {
    for (String name : new String[] {"planar", "radial"}) {
      ParameterStore store = Parts.store(Parts.DOUBLE, 3);
      TrainableTransform transform = Parts.transform(store, Choice.of(name), 2, 0);
      TrainableDensity flow =
          new FlowDensity(
              Parts.build(store, 2, 0), List.of(transform), new StandardNormal(new Shape(2)));
      Parts.disturb(store, 0.5);
      assertEquals(1, FlowsTest.integral(flow, 2, 400), 1e-3, name);
    }
  }
}
