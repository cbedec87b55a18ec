package org.thalweg.toolkit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.ParameterStore;

class ConvolutionalNetTest {
  private static final Engine ENGINE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  private static final int IN = 2;
  private static final int CONTEXT = 2;
  private static final int HIDDEN = 3;
  private static final int OUT = 4;
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;

  private final ParameterStore store = new ParameterStore(ENGINE, new Seed(8));
  private final ConvolutionalNet net =
      new ConvolutionalNet(store, IN, CONTEXT, new NetSize(HIDDEN, 2, 0), OUT, Head.usual(HIDDEN));

  private static double[] values(NDArray array) {
    return ENGINE.hostView(array).toDoubles();
  }

  private static NDArray images(Tape tape, int count) {
    return Draws.normal(tape, new Seed(1), new Shape(count, IN, HEIGHT, WIDTH));
  }

  @Test
  void countsOfAKnownArchitecture() {
    int first = HIDDEN * IN + HIDDEN;
    int given = HIDDEN * CONTEXT + HIDDEN;
    int block = 2 * (9 * HIDDEN * HIDDEN + HIDDEN) + 2 * 2 * HIDDEN + given;
    assertEquals(first + given + 2 * block + OUT * HIDDEN + OUT, store.size());
  }

  @Test
  void isWhatLoopsOverItsWeightsGive() {
    double[] memory = store.snapshot();
    Arrays.setAll(memory, i -> Math.sin(1 + i));
    store.restore(memory);
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = images(tape, 1);
      NDArray c = Draws.normal(tape, new Seed(2), new Shape(1, CONTEXT));
      NDArray out = net.bind(Binding.evaluate(tape)).given(Optional.of(c)).apply(x);
      Map<String, double[]> weights =
          store.parameters().stream()
              .collect(Collectors.toMap(Parameter::name, p -> values(tape.parameter(p))));
      assertArrayEquals(loops(weights, values(x), values(c)), values(out), 1e-10);
    }
  }

  private static double[] loops(Map<String, double[]> w, double[] x, double[] c) {
    double[] h = convolution(w, "first", x, HIDDEN, 1);
    double[] given = affine(w, "context", c);
    for (int i = 0; i < h.length; i++) {
      h[i] += given[i / (HEIGHT * WIDTH)];
    }
    for (String block : new String[] {"block0.", "block1."}) {
      double[] inner =
          convolution(w, block + "first", relu(norm(w, block + "before", h)), HIDDEN, 3);
      double[] update =
          convolution(w, block + "second", relu(norm(w, block + "between", inner)), HIDDEN, 3);
      double[] gate = affine(w, block + "gate", c);
      for (int i = 0; i < h.length; i++) {
        h[i] += update[i] / (1 + Math.exp(-gate[i / (HEIGHT * WIDTH)]));
      }
    }
    return convolution(w, "last", h, OUT, 1);
  }

  private static double[] relu(double[] x) {
    DoubleUnaryOperator positive = v -> Math.max(v, 0);
    return Arrays.stream(x).map(positive).toArray();
  }

  private static double[] norm(Map<String, double[]> w, String name, double[] x) {
    double[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      int channel = i / (HEIGHT * WIDTH);
      y[i] = y[i] * w.get(name + ".gain")[channel] + w.get(name + ".shift")[channel];
    }
    return y;
  }

  private static double[] affine(Map<String, double[]> w, String name, double[] x) {
    double[] y = w.get(name + ".bias").clone();
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < x.length; j++) {
        y[i] += w.get(name + ".weight")[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  /** The sum over a window about each pixel; beyond the edges are zeros. */
  private static double[] convolution(
      Map<String, double[]> w, String name, double[] x, int out, int side) {
    int in = x.length / (HEIGHT * WIDTH);
    double[] weight = w.get(name + ".weight");
    double[] y = new double[out * HEIGHT * WIDTH];
    for (int i = 0; i < y.length; i++) {
      int o = i / (HEIGHT * WIDTH);
      y[i] = w.get(name + ".bias")[o];
      for (int j = 0; j < in * side * side; j++) {
        int row = i / WIDTH % HEIGHT + j / side % side - side / 2;
        int column = i % WIDTH + j % side - side / 2;
        if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) {
          int channel = j / (side * side);
          y[i] += weight[o * in * side * side + j] * x[(channel * HEIGHT + row) * WIDTH + column];
        }
      }
    }
    return y;
  }

  @Test
  void aContextServesConsecutiveImages() {
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = images(tape, 6);
      NDArray c = Draws.normal(tape, new Seed(2), new Shape(2, CONTEXT));
      ConvolutionalNet.Bound bound = net.bind(Binding.evaluate(tape));
      NDArray shared = bound.given(Optional.of(c)).apply(x);
      NDArray spelled = bound.given(Optional.of(c.repeat(0, 3))).apply(x);
      assertArrayEquals(values(spelled), values(shared), 1e-13);
    }
  }

  @Test
  void theFirstBatchLeavesItsNormsWithMeanZeroAndVarianceOne() {
    ParameterStore own = new ParameterStore(ENGINE, new Seed(1));
    ChannelNorm norm = new ChannelNorm(own, IN);
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = images(tape, 40).mul(3).add(7);
      double[] y =
          values(norm.bind(new Binding(tape, Binding.Mode.INITIALISE, new Seed(1))).apply(x));
      assertArrayEquals(y, values(norm.bind(Binding.evaluate(tape)).apply(x)), "it stays so");
      for (int channel = 0; channel < IN; channel++) {
        double sum = 0;
        double squares = 0;
        int n = y.length / IN;
        for (int i = 0; i < y.length; i++) {
          if (i / (HEIGHT * WIDTH) % IN == channel) {
            sum += y[i];
            squares += y[i] * y[i];
          }
        }
        assertEquals(0, sum / n, 1e-12);
        assertEquals(1, squares / n, 1e-12);
      }
    }
  }

  @Test
  void aConstantChannelIsOnlyShifted() {
    ParameterStore own = new ParameterStore(ENGINE, new Seed(1));
    ChannelNorm norm = new ChannelNorm(own, 1);
    try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(new double[] {5, 5, 5, 5}, new Shape(2, 1, 1, 2));
      norm.bind(new Binding(tape, Binding.Mode.INITIALISE, new Seed(1))).apply(x);
      double[] y = values(norm.bind(Binding.evaluate(tape)).apply(x.add(0.5)));
      assertArrayEquals(new double[] {0.5, 0.5, 0.5, 0.5}, y, 1e-12);
    }
  }
}
