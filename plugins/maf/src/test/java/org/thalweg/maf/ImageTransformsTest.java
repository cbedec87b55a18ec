package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.train.ParameterStore;

class ImageTransformsTest {
  private static final int ROWS = 4;

  /** A transform of images of C channels, given {@code context} numbers. */
  private record Case(String name, Map<String, Object> options, int dimension, int context) {
    @Override
    public String toString() {
      return name + options + " D=" + dimension + " C=" + context;
    }

    TrainableTransform build(ParameterStore store) {
      BuildContext build = Parts.build(store, dimension, context);
      TrainableTransform transform =
          name.equals("levels")
              ? levels(options, build)
              : org.thalweg.toolkit.config.Parts.transform(new Choice(name, options), build);
      Parts.disturb(store, 0.1);
      return transform;
    }
  }

  /** The whole multi-scale transform, without its base. */
  private static TrainableTransform levels(Map<String, Object> options, BuildContext build) {
    ImageFlowConfig config = ConfigBinder.bind(ImageFlowConfig.DEFAULT, options);
    var family = org.thalweg.toolkit.config.Parts.univariate(Parts.REGISTRY, config.univariate());
    return ImageFlowProvider.levels(
        config, config.image().of(Vectors.dimension(build)), family, build, 0);
  }

  private static Stream<Case> cases() {
    Map<String, Object> two = Map.of("channels", 2, "height", 2, "width", 4);
    Map<String, Object> net = Map.of("channels", 3, "height", 2, "width", 3, "hidden", 5);
    Map<String, Object> flow =
        Map.of("channels", 2, "height", 4, "width", 4, "hidden", 4, "layers", 2, "blocks", 1);
    Map<String, Object> whole = new java.util.HashMap<>(flow);
    whole.put("factor-out", "none");
    whole.put("univariate", "affine");
    return Stream.of(
        new Case("squeeze", two, 16, 0),
        new Case("channel-actnorm", two, 16, 0),
        new Case("channel-linear", two, 16, 0),
        new Case("channel-coupling", net, 18, 0),
        new Case("channel-coupling", net, 18, 2),
        new Case("channel-coupling", Map.of("height", 3, "width", 2), 6, 2),
        new Case("levels", flow, 32, 0),
        new Case("levels", flow, 32, 2),
        new Case("levels", whole, 32, 0));
  }

  private static Transform bound(Case c, Engine engine, Tape tape) {
    return c.build(Parts.store(engine, 1))
        .bind(Binding.evaluate(tape))
        .given(Parts.context(tape, 2, c.context));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inverseUndoesForward(Case c) {
    for (Engine engine : List.of(Parts.SINGLE, Parts.DOUBLE)) {
      double eps = engine == Parts.SINGLE ? 1e-3 : 1e-10;
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Transform transform = bound(c, engine, tape);
        NDArray x = Parts.normal(tape, 3, ROWS, c.dimension);
        Mapped forward = transform.forward(x);
        Mapped back = transform.inverse(forward.value());
        // Where a spline is nearly flat, rounding y moves x a lot: compare on the noise side.
        Mapped again = transform.forward(back.value());
        assertEquals(new Shape(ROWS), forward.logAbsDet().getShape());
        assertArrayEquals(
            Parts.values(tape, forward.value()), Parts.values(tape, again.value()), eps);
        assertArrayEquals(
            Parts.values(tape, again.logAbsDet().neg()),
            Parts.values(tape, back.logAbsDet()),
            10 * eps);
        if (engine == Parts.DOUBLE) {
          assertArrayEquals(Parts.values(tape, x), Parts.values(tape, back.value()), 1e-8);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void logAbsDetIsThatOfTheNumericalJacobian(Case c) {
    int d = c.dimension;
    double h = 1e-6;
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform = bound(c, Parts.DOUBLE, tape);
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
        assertEquals(Determinant.logAbs(jacobian[n]), analytic[n], 1e-5, "row " + n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void emptyBatchesStayEmpty(Case c) {
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform =
          c.build(Parts.store(Parts.SINGLE, 1))
              .bind(Binding.evaluate(tape))
              .given(Parts.context(tape, 0, c.context));
      NDArray none = Parts.normal(tape, 1, 0, c.dimension);
      assertEquals(none.getShape(), transform.forward(none).value().getShape());
      assertEquals(new Shape(0), transform.inverse(none).logAbsDet().getShape());
    }
  }

  private static double[] forward(Case c, double[] x) {
    TrainableTransform transform = c.build(Parts.store(Parts.DOUBLE, 1));
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray batch = tape.constant(x, new Shape(1, x.length));
      return Parts.values(
          tape,
          transform.bind(Binding.evaluate(tape)).given(Context.none()).forward(batch).value());
    }
  }

  /** Of each square of 2 x 2 pixels: upper left, upper right, lower left, lower right. */
  @Test
  void squeezeFoldsSquaresIntoChannels() {
    double[] x = IntStream.range(0, 8).mapToDouble(i -> i).toArray();
    double[] expected = {0, 2, 1, 3, 4, 6, 5, 7};
    Map<String, Object> image = Map.of("height", 2, "width", 4);
    assertArrayEquals(expected, forward(new Case("squeeze", image, 8, 0), x));
    // One row of four pixels is folded along the row.
    Map<String, Object> line = Map.of("height", 1, "width", 4);
    double[] pairs = {0, 2, 1, 3};
    assertArrayEquals(pairs, forward(new Case("squeeze", line, 4, 0), Arrays.copyOf(x, 4)));
  }

  /** A pixel's channels are mixed with each other alone, by one matrix. */
  @Test
  void aConvolutionOfOnePixelIsLocalAndTheSameEverywhere() {
    Case c = new Case("channel-linear", Map.of("channels", 2, "height", 1, "width", 3), 6, 0);
    double[] zero = forward(c, new double[6]);
    double[][] at = new double[3][];
    for (int pixel = 0; pixel < 3; pixel++) {
      double[] x = new double[6];
      x[pixel] = 1;
      x[3 + pixel] = -2;
      double[] y = forward(c, x);
      for (int other = 0; other < 3; other++) {
        if (other != pixel) {
          assertEquals(zero[other], y[other]);
          assertEquals(zero[3 + other], y[3 + other]);
        }
      }
      at[pixel] = new double[] {y[pixel], y[3 + pixel]};
    }
    assertArrayEquals(at[0], at[1], 1e-14);
    assertArrayEquals(at[0], at[2], 1e-14);
  }

  /** The other half alone, and of a pixel's neighbourhood, decides what happens to a channel. */
  @Test
  void aCouplingSeesTheFirstHalfAroundAPixel() {
    Map<String, Object> options =
        Map.of("channels", 2, "height", 1, "width", 9, "hidden", 4, "blocks", 1);
    Case c = new Case("channel-coupling", options, 18, 0);
    double[] x = new double[18];
    Arrays.setAll(x, i -> Math.sin(i));
    double[] y = forward(c, x);
    assertArrayEquals(Arrays.copyOf(x, 9), Arrays.copyOf(y, 9), "the first half stays");
    double[] moved = x.clone();
    moved[4] += 1;
    double[] z = forward(c, moved);
    for (int i = 0; i < 9; i++) {
      // Two 3 x 3 convolutions reach two pixels far.
      assertEquals(Math.abs(i - 4) <= 2, z[9 + i] != y[9 + i], "pixel " + i);
    }
  }

  @Test
  void theFirstBatchStartsEveryChannelAtMeanZeroAndVarianceOne() {
    Map<String, Object> image = Map.of("channels", 2, "height", 2, "width", 2);
    ParameterStore store = Parts.store(Parts.DOUBLE, 1);
    TrainableTransform transform =
        Parts.transform(store, new Choice("channel-actnorm", image), 8, 0);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = Parts.normal(tape, 1, 50, 8).mul(3).add(7);
      NDArray y =
          transform
              .bind(new Binding(tape, Binding.Mode.INITIALISE, new Seed(1)))
              .given(Context.none())
              .forward(x)
              .value();
      for (int channel = 0; channel < 2; channel++) {
        double[] values = Parts.values(tape, y.get(":, " + 4 * channel + ":" + 4 * (channel + 1)));
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
        assertEquals(0, mean, 1e-12);
        assertEquals(1, squares, 1e-2);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 4, 4, 'Images of 3 channels, height 4 and width 4 have 48 columns; there are 12.'",
    "0, 5, 1, 'Images of any number of channels, height 5 and width 1 have a multiple of 5'",
    "0, 0, 0, 'set height and width (got 0 and 0)'",
    "4, 1, 3, 'An image of 4 x 1 x 3 cannot be halved'"
  })
  void shapesThatDoNotFitAreRefused(int channels, int height, int width, String expected) {
    Map<String, Object> image = Map.of("channels", channels, "height", height, "width", width);
    ThalwegException refusal =
        assertThrows(
            ThalwegException.class,
            () ->
                Parts.transform(Parts.store(Parts.SINGLE, 1), new Choice("squeeze", image), 12, 0));
    assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
  }
}
