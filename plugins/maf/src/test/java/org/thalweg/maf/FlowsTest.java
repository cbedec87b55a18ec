package org.thalweg.maf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.train.ParameterStore;

class FlowsTest {
  private static final int CHUNK = 5000;

  private static TrainableDensity flow(
      Engine engine, String name, int dimension, int context, double disturbance) {
    ParameterStore store = Parts.store(engine, 2);
    TrainableDensity density = Parts.density(store, name, dimension, context);
    Parts.disturb(store, disturbance);
    return density;
  }

  /** The sum of the density over a grid on [-15, 15]^D, times the volume of a cell. */
  static double integral(TrainableDensity flow, int dimension, int perAxis) {
    double step = 30.0 / perAxis;
    int cells = (int) Math.pow(perAxis, dimension);
    double sum = 0;
    for (int from = 0; from < cells; from += CHUNK) {
      int size = Math.min(CHUNK, cells - from);
      double[] x = new double[size * dimension];
      for (int i = 0; i < size; i++) {
        int cell = from + i;
        for (int d = 0; d < dimension; d++) {
          x[i * dimension + d] = -15 + step * (cell % perAxis + 0.5);
          cell /= perAxis;
        }
      }
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        Density density = flow.bind(Binding.evaluate(tape)).given(Context.none());
        NDArray logDensity = density.logDensity(tape.constant(x, new Shape(size, dimension)));
        sum += Arrays.stream(Parts.values(tape, logDensity.exp())).sum();
      }
    }
    return sum * Math.pow(step, dimension);
  }

  @ParameterizedTest
  @CsvSource({
    "maf, 0", "realnvp, 0", "nsf-ar, 0", "nsf-coupling, 0",
    "maf, 0.15", "realnvp, 0.15", "nsf-ar, 0.15", "nsf-coupling, 0.15"
  })
  void integratesToOne(String name, double disturbance) {
    assertEquals(1, integral(flow(Parts.DOUBLE, name, 1, 0, disturbance), 1, 20_000), 1e-4);
    assertEquals(1, integral(flow(Parts.DOUBLE, name, 2, 0, disturbance), 2, 500), 1e-3);
  }

  private static TrainableDensity flow(String name, Map<String, Object> options) {
    ParameterStore store = Parts.store(Parts.DOUBLE, 2);
    Map<String, Object> all = new HashMap<>(options);
    all.putAll(Map.of("layers", 2, "hidden", 8, "blocks", 1));
    TrainableDensity density =
        org.thalweg.toolkit.config.Parts.density(new Choice(name, all), Parts.build(store, 2, 0));
    Parts.disturb(store, 0.1);
    return density;
  }

  @Test
  void mixturesAndOtherFlowsAreBasesToo() {
    for (Map<String, Object> base :
        List.<Map<String, Object>>of(
            Map.of("base", "gaussian-mixture", "base.components", 3),
            Map.of("base", "maf", "base.layers", 1))) {
      assertEquals(1, integral(flow("nsf-coupling", base), 2, 500), 1e-3);
    }
  }

  /** The tails of Student's t with many degrees of freedom end before the grid does. */
  @Test
  void aFlowOverStudentTIntegratesToOne() {
    Map<String, Object> base = Map.of("base", "student-t", "base.degrees-of-freedom", 30);
    assertEquals(1, integral(flow("nsf-coupling", base), 2, 500), 1e-3);
  }

  /** A sigmoid leads to the box: near the origin of standardised data it is well inside. */
  @Test
  void aFlowOverABoxIntegratesToOne() {
    Map<String, Object> base = Map.of("base", "uniform", "base.low", -4, "base.high", 3);
    for (String name : List.of("maf", "nsf-coupling")) {
      TrainableDensity flow = flow(name, base);
      assertEquals(1, integral(flow, 2, 500), 1e-3);
      samplesHaveTheirDensity(flow, 1e-7);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"linear-spline", "quadratic-spline", "cubic-spline", "rational-quadratic"})
  void splinesOnAnIntervalAreSquashed(String family) {
    for (String ends : List.of("linear-tails", "bounded")) {
      Map<String, Object> univariate = Map.of("univariate", family, "univariate.ends", ends);
      TrainableDensity flow = flow("nsf-coupling", univariate);
      // The linear spline's density jumps at every knot, which a grid sees.
      assertEquals(1, integral(flow, 2, 700), family.startsWith("linear") ? 5e-3 : 1e-3, ends);
      samplesHaveTheirDensity(flow, 1e-6);
    }
  }

  /** Written in a row, the parts are those of the named flow: the same numbers. */
  @Test
  void aFlowIsAListOfTransforms() {
    String list =
        "actnorm, permutation(order=reverse), autoregressive(univariate=cubic-spline,"
            + " univariate.bins=5, hidden=8), radial, lu-linear";
    for (String base : List.of("student-t", "uniform")) {
      TrainableDensity flow = composed(Map.of("transforms", list, "repeat", 2, "base", base), 2);
      assertEquals(1, integral(flow, 2, 700), base.equals("student-t") ? 2e-2 : 1e-3);
    }
    var unknown =
        assertThrows(
            ThalwegException.class, () -> composed(Map.of("transforms", "actnorm, coupeling"), 2));
    assertTrue(unknown.getMessage().contains("coupling"), unknown.getMessage());
    var wrong =
        assertThrows(
            ThalwegException.class,
            () -> composed(Map.of("transforms", "exponential, actnorm"), 2));
    assertTrue(wrong.getMessage().contains("above 0"), wrong.getMessage());
  }

  private static TrainableDensity composed(Map<String, Object> options, int dimension) {
    ParameterStore store = Parts.store(Parts.DOUBLE, 2);
    TrainableDensity density =
        org.thalweg.toolkit.config.Parts.density(
            new Choice("flow", options), Parts.build(store, dimension, 0));
    Parts.disturb(store, 0.1);
    return density;
  }

  @Test
  void anEmbeddedContextCounts() {
    ParameterStore store = Parts.store(Parts.DOUBLE, 2);
    Map<String, Object> options =
        Map.of("embedding", 3, "layers", 1, "hidden", 8, "blocks", 1, "linear", "none");
    TrainableDensity flow =
        org.thalweg.toolkit.config.Parts.density(
            new Choice("nsf-ar", options), Parts.build(store, 2, 4));
    Parts.disturb(store, 0.3);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray contexts = Parts.normal(tape, 5, 3, 4);
      Density density = flow.bind(Binding.evaluate(tape)).given(Context.of(contexts));
      NDArray same = tape.constant(new double[] {1, -1, 1, -1, 1, -1}, new Shape(3, 2));
      NDArray values = density.logDensity(same);
      double[] numbers = Parts.values(tape, values);
      assertNotEquals(numbers[0], numbers[1], 1e-6);
      tape.backward(values.sum());
      for (Parameter parameter : store.trainable()) {
        double[] gradient = Parts.values(tape, tape.gradient(parameter));
        assertTrue(Arrays.stream(gradient).anyMatch(g -> g != 0), parameter.toString());
      }
    }
  }

  @Test
  void anEmbeddingNeedsAContext() {
    var refused = assertThrows(ThalwegException.class, () -> flow("maf", Map.of("embedding", 3)));
    assertTrue(refused.getMessage().contains("embedding = 3"), refused.getMessage());
  }

  @Test
  void aCircleIsNoLine() {
    Map<String, Object> circle =
        Map.of("univariate", "rational-quadratic", "univariate.ends", "circular");
    var refused = assertThrows(ThalwegException.class, () -> flow("nsf-ar", circle));
    assertTrue(refused.getMessage().contains("line or an interval"), refused.getMessage());
  }

  private static void samplesHaveTheirDensity(TrainableDensity flow, double tolerance) {
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Density density = flow.bind(Binding.evaluate(tape)).given(Context.none());
      Density.Draw draw = density.sampleWithLogDensity(200, new Seed(1));
      assertArrayEquals(
          Parts.values(tape, density.logDensity(draw.value())),
          Parts.values(tape, draw.logDensity()),
          tolerance);
    }
  }

  @Test
  void otherMixingsAndNormalisedLayersIntegrateToOne() {
    assertEquals(1, integral(flow("nsf-coupling", Map.of("linear", "qr")), 2, 500), 1e-3);
    for (String normalise : List.of("actnorm", "batch-norm")) {
      assertEquals(1, integral(flow("maf", Map.of("normalise", normalise)), 2, 500), 1e-3);
    }
  }

  @Test
  void theFastDirectionIsAnOption() {
    for (String name : List.of("maf", "nsf-ar")) {
      TrainableDensity flow = flow(name, Map.of("fast", "sampling"));
      assertEquals(1, integral(flow, 2, 300), 1e-3);
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        Density density = flow.bind(Binding.evaluate(tape)).given(Context.none());
        assertEquals(Cost.ONE_PASS, density.sampleCost());
        assertEquals(Cost.SEQUENTIAL, density.densityCost());
        Density.Draw draw = density.sampleWithLogDensity(50, new Seed(1));
        assertArrayEquals(
            Parts.values(tape, density.logDensity(draw.value())),
            Parts.values(tape, draw.logDensity()),
            1e-7);
      }
    }
    var refused =
        assertThrows(ThalwegException.class, () -> flow("realnvp", Map.of("fast", "sampling")));
    assertTrue(refused.getMessage().contains("both directions"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"maf", "realnvp", "nsf-ar", "nsf-coupling"})
  void aFreshFlowIsNearItsBase(String name) {
    TrainableDensity fresh = flow(Parts.DOUBLE, name, 3, 0, 0);
    try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = Parts.normal(tape, 1, 50, 3);
      double[] values =
          Parts.values(
              tape, fresh.bind(Binding.evaluate(tape)).given(Context.none()).logDensity(x));
      double[] points = Parts.values(tape, x);
      for (int i = 0; i < 50; i++) {
        double expected = -1.5 * Math.log(2 * Math.PI);
        for (int d = 0; d < 3; d++) {
          expected -= 0.5 * points[3 * i + d] * points[3 * i + d];
        }
        assertEquals(expected, values[i], 0.1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "maf, 1", "realnvp, 1", "nsf-ar, 1", "nsf-coupling, 1",
    "maf, 4", "realnvp, 4", "nsf-ar, 4", "nsf-coupling, 4"
  })
  void drawsCarryTheirDensity(String name, int dimension) {
    for (Engine engine : List.of(Parts.SINGLE, Parts.DOUBLE)) {
      TrainableDensity flow = flow(engine, name, dimension, 2, 0.1);
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Density density = flow.bind(Binding.evaluate(tape)).given(Parts.context(tape, 3, 2));
        Density.Draw draw = density.sampleWithLogDensity(20, new Seed(5));
        assertEquals(new Shape(60, dimension), draw.value().getShape());
        assertArrayEquals(
            Parts.values(tape, density.logDensity(draw.value())),
            Parts.values(tape, draw.logDensity()),
            engine == Parts.SINGLE ? 1e-3 : 1e-9);
      }
    }
  }

  /** In one dimension too, where no other column could carry it. */
  @ParameterizedTest
  @ValueSource(strings = {"maf", "realnvp", "nsf-ar", "nsf-coupling"})
  void theContextChangesTheDensity(String name) {
    for (int dimension : new int[] {1, 2}) {
      TrainableDensity flow = flow(Parts.DOUBLE, name, dimension, 1, 0.2);
      try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        NDArray x = tape.constant(new double[2 * dimension], new Shape(2, dimension));
        Context context = Context.of(tape.constant(new double[] {-1, 1}, new Shape(2, 1)));
        double[] values =
            Parts.values(tape, flow.bind(Binding.evaluate(tape)).given(context).logDensity(x));
        assertTrue(Math.abs(values[0] - values[1]) > 1e-3, Arrays.toString(values));
      }
    }
  }

  /** Ten thousand standard deviations are the most that standardising lets through. */
  @ParameterizedTest
  @ValueSource(strings = {"maf", "realnvp", "nsf-ar", "nsf-coupling"})
  void finiteAtTheEndOfWhatIsStandardised(String name) {
    double end = 1e4;
    int dimension = 12;
    SplittableRandom random = new SplittableRandom(5);
    double[] far = random.doubles(200L * dimension).map(u -> u < 0.5 ? -end : end).toArray();
    double[] given = random.doubles(200).map(u -> u < 0.5 ? -end : end).toArray();
    for (int contextSize : new int[] {0, 1}) {
      BuildContext build = Parts.build(Parts.store(Parts.SINGLE, 9), dimension, contextSize);
      TrainableDensity flow =
          org.thalweg.toolkit.config.Parts.density(new Choice(name, Map.of()), build);
      try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
        Context context =
            contextSize == 0 ? Context.none() : Context.of(tape.constant(given, new Shape(200, 1)));
        NDArray x = tape.constant(far, new Shape(200, dimension));
        NDArray values = flow.bind(Binding.evaluate(tape)).given(context).logDensity(x);
        for (double value : Parts.values(tape, values)) {
          assertTrue(Double.isFinite(value), () -> "got " + value);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"maf", "realnvp", "nsf-ar", "nsf-coupling"})
  void finiteFarOutInSinglePrecision(String name) {
    TrainableDensity flow = flow(Parts.SINGLE, name, 2, 0, 0.1);
    double[] far = {1e6, -1e6, -1e6, 1e6, 0, 1e6, 3, -3, 100, 100};
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(tape.constant(far, new Shape(5, 2)));
      NDArray values = flow.bind(Binding.evaluate(tape)).given(Context.none()).logDensity(x);
      tape.backward(values.sum());
      for (NDArray each : List.of(values, tape.gradient(x))) {
        for (double value : Parts.values(tape, each)) {
          assertTrue(Double.isFinite(value), () -> "got " + value);
        }
      }
    }
  }

  /** Layers of LU (D^2 + D) and a transform, and one more LU at the end. */
  @Test
  void countsOfKnownArchitectures() {
    int p = 23;
    int lu = 5 * 5 + 5;
    int blocks = 2 * 2 * (16 * 16 + 16);
    int even = 2;
    int odd = 3;
    int coupling0 = odd * p + (16 * odd + 16) + blocks + (even * p * 16 + even * p);
    int coupling1 = even * p + (16 * even + 16) + blocks + (odd * p * 16 + odd * p);
    assertEquals(3 * lu + coupling0 + coupling1, size("nsf-coupling"));
    int autoregressive = (16 * 5 + 16) + blocks + (5 * p * 16 + 5 * p);
    assertEquals(3 * lu + 2 * autoregressive, size("nsf-ar"));
  }

  private static long size(String name) {
    ParameterStore store = Parts.store(Parts.SINGLE, 1);
    Choice choice = new Choice(name, Map.of("layers", 2, "hidden", 16, "blocks", 2));
    org.thalweg.toolkit.config.Parts.density(choice, Parts.build(store, 5, 0));
    return store.size();
  }

  @Test
  void anyFamilyGoesWithAnyFlowAndMixing() {
    for (String name : List.of("maf", "nsf-coupling")) {
      for (String mixing : List.of("lu", "permutation", "none")) {
        Choice choice =
            new Choice(
                name,
                Map.of(
                    "linear",
                    mixing,
                    "univariate",
                    name.equals("maf") ? "rational-quadratic" : "affine",
                    "layers",
                    2));
        ParameterStore store = Parts.store(Parts.DOUBLE, 1);
        TrainableDensity flow =
            org.thalweg.toolkit.config.Parts.density(choice, Parts.build(store, 3, 0));
        try (Tape tape = Parts.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
          Density density = flow.bind(Binding.evaluate(tape)).given(Context.none());
          Density.Draw draw = density.sampleWithLogDensity(5, new Seed(1));
          assertArrayEquals(
              Parts.values(tape, density.logDensity(draw.value())),
              Parts.values(tape, draw.logDensity()),
              1e-9);
        }
      }
    }
  }

  @Test
  void samplingCostsWhatTheTransformSays() {
    try (Tape tape = Parts.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      for (String name : List.of("maf", "realnvp", "nsf-ar", "nsf-coupling")) {
        Density density =
            flow(Parts.SINGLE, name, 3, 0, 0).bind(Binding.evaluate(tape)).given(Context.none());
        boolean coupling = name.equals("realnvp") || name.equals("nsf-coupling");
        assertEquals(coupling ? Cost.ONE_PASS : Cost.SEQUENTIAL, density.sampleCost());
        assertEquals(Cost.ONE_PASS, density.densityCost());
      }
    }
  }

  @Test
  void everyFlowIsAnEstimatorToo() {
    assertEquals(
        List.of("flow", "made", "maf", "nsf-ar", "nsf-coupling", "nsf-image", "realnvp"),
        List.copyOf(Parts.REGISTRY.all(Registry.Kind.ESTIMATOR).keySet()));
    assertEquals(
        List.of(
            "flow",
            "gaussian-mixture",
            "made",
            "maf",
            "nsf-ar",
            "nsf-coupling",
            "nsf-image",
            "realnvp",
            "standard-normal",
            "student-t",
            "uniform"),
        List.copyOf(Parts.REGISTRY.all(Registry.Kind.DENSITY).keySet()));
  }
}
