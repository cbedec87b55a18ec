package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** Gradients against central differences, with and without custom operations. */
class GradientTest {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-8;
  private static final double[] WEIGHTS = {0.3, -0.7, 1.1, 0.2, -0.4, 0.9};
  private static final double[] ROWS = {0.5, -1.2, 0.8, 1.7, 0.1, -0.6};
  private static final Shape MATRIX = new Shape(2, 3);

  /** A loss of the weights {@code [2, 3]} and the rows {@code [3, 2]}. */
  interface Loss extends BiFunction<Tape, NDList, NDArray> {}

  /** What stands between the weights and the loss. */
  enum Graph implements Loss {
    NETWORK {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        return in.get(1).matMul(in.get(0)).tanh().exp().sum();
      }
    },
    CUSTOM_AFTER_NETWORK {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray h = in.get(1).matMul(in.get(0));
        NDList out = tape.apply(new XSinX(), h.tanh(), h.exp());
        return out.get(0).mul(out.get(1)).sum();
      }
    },
    CUSTOM_ON_PARAMETER {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray w = in.get(0);
        return tape.apply(new XSinX(), w, w).get(1).tanh().sum();
      }
    },
    ONE_OUTPUT_UNUSED {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray h = in.get(1).matMul(in.get(0));
        return tape.apply(new XSinX(), h, h.square()).get(0).square().sum();
      }
    },
    CUSTOM_NET_CUSTOM {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray h = in.get(1).matMul(in.get(0)).tanh();
        NDArray a = tape.apply(new XSinX(), h, h.exp()).get(0);
        NDArray b = a.matMul(in.get(0).transpose()).tanh().matMul(in.get(0));
        NDList out = tape.apply(new XSinX(), a, b);
        return out.get(0).add(out.get(1).tanh()).sum();
      }
    },
    TWO_CUSTOMS_SHARE_A_GRAPH {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray shared = in.get(1).matMul(in.get(0)).tanh().exp();
        NDArray a = tape.apply(new XSinX(), shared, shared.square()).get(0);
        NDArray b = tape.apply(new XSinX(), shared.sin(), shared).get(1);
        return a.mul(b).sum();
      }
    },
    CUSTOM_AND_ORDINARY_SHARE_A_GRAPH {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray shared = in.get(1).matMul(in.get(0)).tanh().exp();
        NDArray a = tape.apply(new XSinX(), shared, shared.square()).get(0);
        return a.mul(shared.sin()).add(shared).sum();
      }
    },
    CUSTOM_OF_STRIDED_INPUTS {
      @Override
      public NDArray apply(Tape tape, NDList in) {
        NDArray h = in.get(1).matMul(in.get(0)).tanh();
        NDArray t = h.transpose();
        return tape.apply(new XSinX(), t, t.exp()).get(0).tanh().sum();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreThoseOfCentralDifferences(Graph graph) {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64)) {
      double[][] exact = gradients(engine, graph);
      double[] weights = numerical(WEIGHTS, w -> value(engine, graph, w, ROWS));
      double[] rows = numerical(ROWS, x -> value(engine, graph, WEIGHTS, x));
      assertArrayEquals(weights, exact[0], TOLERANCE * scale(weights));
      assertArrayEquals(rows, exact[1], TOLERANCE * scale(rows));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceWithoutHostViewsGivesTheSame(Graph graph) {
    try (TorchEngine host = Engines.host(DataType.FLOAT64);
        TorchEngine blind = Engines.blind(DataType.FLOAT64)) {
      double[][] expected = gradients(host, graph);
      double[][] actual = gradients(blind, graph);
      assertArrayEquals(expected[0], actual[0], 1e-12 * scale(expected[0]));
      assertArrayEquals(expected[1], actual[1], 1e-12 * scale(expected[1]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void singlePrecisionIsCloseToDouble(Graph graph) {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32);
        TorchEngine exact = Engines.host(DataType.FLOAT64)) {
      double[][] expected = gradients(exact, graph);
      assertArrayEquals(expected[0], gradients(engine, graph)[0], 1e-5 * scale(expected[0]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theModesAgreeOnTheValue(Graph graph) {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64)) {
      double expected = value(engine, graph, WEIGHTS, ROWS);
      for (Tape.Mode mode : Tape.Mode.values()) {
        try (Tape tape = engine.newTape(mode)) {
          assertEquals(expected, Engines.number(loss(tape, engine, graph)), 1e-12);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void vectorJacobianProductsLeaveLaterGradientsAlone(Graph graph) {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Parameter parameter = Engines.parameter(engine, MATRIX, WEIGHTS);
      NDArray weights = tape.parameter(parameter);
      NDArray rows = tape.variable(tape.constant(ROWS, new Shape(3, 2)));
      NDArray loss = graph.apply(tape, new NDList(weights, rows));
      double[][] expected = gradients(engine, graph);
      NDArray two = tape.constant(new double[] {2}, new Shape());
      NDList products = tape.vjp(new NDList(loss), new NDList(two), new NDList(rows, weights));
      double[] twice = IntStream.range(0, 6).mapToDouble(i -> 2 * expected[0][i]).toArray();
      assertArrayEquals(twice, Engines.numbers(products.get(1)), 1e-12 * scale(twice));
      tape.backward(loss);
      assertArrayEquals(expected[0], Engines.numbers(tape.gradient(parameter)));
      assertArrayEquals(expected[1], Engines.numbers(tape.gradient(rows)));
    }
  }

  @Test
  void gradientsOfWhatTheLossDoesNotDependOnAreZero() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Parameter used = Engines.parameter(engine, new Shape(2), 1, 2);
      Parameter unused = Engines.parameter(engine, new Shape(3), 1, 2, 3);
      NDArray variable = tape.variable(tape.parameter(used));
      tape.backward(tape.parameter(used).square().sum());
      assertArrayEquals(new double[] {2, 4}, Engines.numbers(tape.gradient(used)));
      assertArrayEquals(new double[3], Engines.numbers(tape.gradient(unused)));
      assertArrayEquals(new double[2], Engines.numbers(tape.gradient(variable)));
      assertEquals(DataType.FLOAT64, tape.gradient(unused).getDataType());
      assertSame(tape.parameter(used), tape.parameter(used));
    }
  }

  @Test
  void aLossThatDependsOnNothingHasZeroGradients() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Parameter parameter = Engines.parameter(engine, new Shape(2), 1, 2);
      tape.backward(tape.constant(new double[] {3}, new Shape()));
      assertArrayEquals(new double[2], Engines.numbers(tape.gradient(parameter)));
    }
  }

  private static double[][] gradients(TorchEngine engine, Graph graph) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Parameter parameter = Engines.parameter(engine, MATRIX, WEIGHTS);
      NDArray rows = tape.variable(tape.constant(ROWS, new Shape(3, 2)));
      tape.backward(graph.apply(tape, new NDList(tape.parameter(parameter), rows)));
      return new double[][] {
        Engines.numbers(tape.gradient(parameter)), Engines.numbers(tape.gradient(rows))
      };
    }
  }

  private static double value(TorchEngine engine, Graph graph, double[] weights, double[] rows) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray w = tape.constant(weights, MATRIX);
      NDArray x = tape.constant(rows, new Shape(3, 2));
      return Engines.number(graph.apply(tape, new NDList(w, x)));
    }
  }

  private static NDArray loss(Tape tape, TorchEngine engine, Graph graph) {
    NDArray weights = tape.parameter(Engines.parameter(engine, MATRIX, WEIGHTS));
    return graph.apply(tape, new NDList(weights, tape.constant(ROWS, new Shape(3, 2))));
  }

  private static double[] numerical(double[] at, ToDoubleFunction<double[]> function) {
    return IntStream.range(0, at.length)
        .mapToDouble(
            i -> {
              double[] up = at.clone();
              double[] down = at.clone();
              up[i] += STEP;
              down[i] -= STEP;
              return (function.applyAsDouble(up) - function.applyAsDouble(down)) / (2 * STEP);
            })
        .toArray();
  }

  private static double scale(double[] values) {
    return Math.max(1, Arrays.stream(values).map(Math::abs).max().orElse(0));
  }
}
