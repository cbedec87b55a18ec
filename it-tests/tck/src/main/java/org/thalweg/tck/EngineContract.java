package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/**
 * What every engine does. Numbers are those of plain Java in double precision, so that all engines
 * agree with each other; an engine that is not available says why and what to do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineContract {
  /** For subclasses. */
  protected EngineContract() {}

  /** The engines under test; at least one of them is available. */
  protected abstract Stream<EngineProvider> engines();

  /** How far numbers may be off, relative to the larger of 1 and the number. */
  protected double tolerance(DataType type) {
    return type == DataType.FLOAT64 ? 1e-12 : 1e-5;
  }

  /** An available engine and a precision. */
  record Case(EngineProvider provider, DataType type) {
    Engine open() {
      return provider.open(new EngineOptions(1, type));
    }

    @Override
    public String toString() {
      return provider.name() + " " + type;
    }
  }

  Stream<Case> cases() {
    return engines()
        .filter(provider -> provider.availability() instanceof Availability.Available)
        .flatMap(
            provider ->
                Stream.of(
                    new Case(provider, DataType.FLOAT32), new Case(provider, DataType.FLOAT64)));
  }

  private static Parameter parameter(Engine engine, Shape shape, double... values) {
    Storage storage = engine.newStorage(shape.size());
    write(storage, values);
    return new Parameter("p", shape, true, storage, 0);
  }

  private static void write(Storage storage, double... values) {
    var host = storage.host();
    for (int i = 0; i < values.length; i++) {
      if (storage.dataType() == DataType.FLOAT64) {
        host.putDouble(8 * i, values[i]);
      } else {
        host.putFloat(4 * i, (float) values[i]);
      }
    }
    storage.publish();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wholeNumbersComeAsTheyAre(Case on) {
    try (Engine engine = on.open();
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      long[] numbers = {3, 0, 1L << 40};
      NDArray sent = tape.indices(numbers);
      numbers[0] = 7;
      assertEquals(DataType.INT64, sent.getDataType());
      assertArrayEquals(new long[] {3, 0, 1L << 40}, sent.toLongArray());
      assertEquals(new Shape(0), tape.indices(new long[0]).getShape());
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void anEngineOpensOrSaysWhyNotAndWhatToDo(EngineProvider provider) {
    if (provider.availability() instanceof Availability.Unavailable no) {
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> provider.open(EngineOptions.threads(1)));
      assertEquals(ExitCode.ENGINE, refusal.exitCode());
      assertTrue(refusal.getMessage().contains(no.reason()), refusal.getMessage());
      assertTrue(refusal.getMessage().contains(no.cure()), refusal.getMessage());
      return;
    }
    try (Engine engine = provider.open(EngineOptions.threads(3))) {
      assertEquals(provider.name(), engine.name());
      assertEquals(3, engine.parallelism());
      assertEquals(DataType.FLOAT32, engine.dataType());
      assertFalse(engine.describe().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsAreThoseOfPlainJava(Case c) {
    TinyNet net = TinyNet.random(50);
    try (Engine engine = c.open();
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(tape.constant(net.x(), new Shape(net.rows(), TinyNet.IN)));
      Parameter w = parameter(engine, new Shape(TinyNet.IN, TinyNet.HIDDEN), net.w());
      Parameter v = parameter(engine, new Shape(TinyNet.HIDDEN), net.v());
      NDArray loss = TinyNet.tensors(new NDList(x, tape.parameter(w), tape.parameter(v)));
      assertEquals(c.type(), loss.getDataType());
      double[] value = Numbers.of(engine, loss);
      tape.backward(loss);
      double[][] expected = net.gradients();
      double tolerance = tolerance(c.type());
      Numbers.assertClose(new double[] {net.value()}, value, tolerance, "value");
      Numbers.assertClose(expected[0], Numbers.of(engine, tape.gradient(x)), tolerance, "by x");
      Numbers.assertClose(expected[1], Numbers.of(engine, tape.gradient(w)), tolerance, "by W");
      Numbers.assertClose(expected[2], Numbers.of(engine, tape.gradient(v)), tolerance, "by v");
    }
  }

  /** Of x^3 y + y^2 at (2, 3): gradient (36, 14), Hessian ((36, 12), (12, 2)). */
  @ParameterizedTest
  @MethodSource("cases")
  void secondDerivatives(Case c) {
    try (Engine engine = c.open();
        Tape tape = engine.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray point = tape.variable(tape.constant(new double[] {2, 3}, new Shape(2)));
      NDArray x = point.get("0:1");
      NDArray y = point.get("1:2");
      NDArray f = x.pow(3).mul(y).add(y.square()).sum();
      NDArray one = tape.constant(new double[] {1}, new Shape());
      NDList at = new NDList(point);
      NDArray gradient = tape.vjp(new NDList(f), new NDList(one), at).get(0);
      double tolerance = tolerance(c.type());
      Numbers.assertClose(
          new double[] {36, 14}, Numbers.of(engine, gradient), tolerance, "gradient");
      NDArray v = tape.constant(new double[] {1, -2}, new Shape(2));
      NDArray product = tape.vjp(new NDList(gradient), new NDList(v), at).get(0);
      Numbers.assertClose(
          new double[] {12, 8}, Numbers.of(engine, product), tolerance, "Hessian (1, -2)");
      tape.backward(gradient.square().sum().div(2));
      Numbers.assertClose(
          new double[] {1464, 460},
          Numbers.of(engine, tape.gradient(point)),
          tolerance,
          "Hessian times gradient");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void customOperationsAreTheirComposedTwins(Case c) {
    try (Engine engine = c.open()) {
      double[][] fast = throughOperation(engine, true, Tape.Mode.FIRST_ORDER);
      double[][] composed = throughOperation(engine, false, Tape.Mode.FIRST_ORDER);
      double[][] second = throughOperation(engine, true, Tape.Mode.SECOND_ORDER);
      for (int i = 0; i < fast.length; i++) {
        Numbers.assertClose(composed[i], fast[i], 10 * tolerance(c.type()), "fast " + i);
        Numbers.assertClose(composed[i], second[i], 10 * tolerance(c.type()), "second order " + i);
      }
    }
  }

  /** A network between two operations whose inputs share a graph: value and gradients. */
  private static double[][] throughOperation(Engine engine, boolean applied, Tape.Mode mode) {
    try (Tape tape = engine.newTape(mode)) {
      Parameter p = parameter(engine, new Shape(3, 3), Numbers.normal(51, 9, 0.5));
      NDArray w = tape.parameter(p);
      NDArray x = tape.variable(tape.constant(Numbers.normal(52, 15, 1), new Shape(5, 3)));
      NDArray h = x.matMul(w).tanh();
      NDList first = applied(tape, applied, h, h.matMul(w));
      NDArray middle = first.get(0).add(first.get(1)).matMul(w).tanh();
      NDArray loss = applied(tape, applied, middle, h).get(0).sum();
      double[] value = Numbers.of(engine, loss);
      tape.backward(loss);
      return new double[][] {
        value, Numbers.of(engine, tape.gradient(p)), Numbers.of(engine, tape.gradient(x))
      };
    }
  }

  private static NDList applied(Tape tape, boolean applied, NDArray a, NDArray b) {
    ExpSine operation = new ExpSine();
    return applied ? tape.apply(operation, a, b) : operation.composed(tape, new NDList(a, b));
  }

  /**
   * Whether an engine runs scripts or not: scripted operations are their composed twins, between
   * other operations, over parameters, where an output has no cotangent, and evaluated.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void scriptedOperationsAreTheirComposedTwins(Case c) {
    try (Engine engine = c.open()) {
      double[][] composed = throughScript(engine, false, Tape.Mode.FIRST_ORDER);
      double[][] scripted = throughScript(engine, true, Tape.Mode.FIRST_ORDER);
      double[][] second = throughScript(engine, true, Tape.Mode.SECOND_ORDER);
      for (int i = 0; i < scripted.length; i++) {
        Numbers.assertClose(composed[i], scripted[i], 10 * tolerance(c.type()), "scripted " + i);
        Numbers.assertClose(composed[i], second[i], 10 * tolerance(c.type()), "second order " + i);
      }
      double[][] evaluated = throughScript(engine, true, Tape.Mode.EVALUATE);
      assertArrayEquals(scripted[0], evaluated[0], "other numbers without recording");
    }
  }

  private static double[][] throughScript(Engine engine, boolean applied, Tape.Mode mode) {
    try (Tape tape = engine.newTape(mode)) {
      Parameter p = parameter(engine, new Shape(3, 3), Numbers.normal(53, 9, 0.5));
      NDArray w = tape.parameter(p);
      NDArray x = tape.variable(tape.constant(Numbers.normal(54, 15, 1), new Shape(5, 3)));
      NDArray h = x.matMul(w).tanh();
      NDList first = scripted(tape, applied, h, h.matMul(w));
      NDArray middle = first.get(0).add(first.get(1)).matMul(w).tanh();
      NDArray loss = scripted(tape, applied, middle, h).get(0).sum();
      double[] value = Numbers.of(engine, loss);
      if (mode == Tape.Mode.EVALUATE) {
        return new double[][] {value};
      }
      tape.backward(loss);
      return new double[][] {
        value, Numbers.of(engine, tape.gradient(p)), Numbers.of(engine, tape.gradient(x))
      };
    }
  }

  private static NDList scripted(Tape tape, boolean applied, NDArray a, NDArray b) {
    ScriptedExpSine operation = new ScriptedExpSine();
    return applied ? tape.apply(operation, a, b) : operation.composed(tape, new NDList(a, b));
  }

  /** A parameter that is given to scripts alone, by tapes on several threads. */
  @ParameterizedTest
  @MethodSource("cases")
  void argumentsOfScriptsTakeGradients(Case c) {
    try (Engine engine = c.open()) {
      Parameter p = parameter(engine, new Shape(4), Numbers.normal(55, 4, 1));
      double[][] found = new double[2][];
      for (int i = 0; i < 2; i++) {
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray a = i == 0 ? tape.parameter(p) : tape.argument(p);
          NDArray b = tape.constant(Numbers.normal(56, 4, 1), new Shape(4));
          NDList out = tape.apply(new ScriptedExpSine(), a, b);
          tape.backward(out.get(0).sum().add(out.get(1).sum()));
          found[i] = Numbers.of(engine, tape.gradient(p));
        }
      }
      try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
        NDArray view = tape.parameter(p);
        NDArray b = tape.constant(Numbers.normal(56, 4, 1), new Shape(4));
        NDList out = tape.apply(new ScriptedExpSine(), tape.argument(p), b);
        NDList ones = new NDList(out.get(0).onesLike(), out.get(1).onesLike());
        double[] product = Numbers.of(engine, tape.vjp(out, ones, new NDList(view)).get(0));
        Numbers.assertClose(found[0], product, tolerance(c.type()), "as an argument, by vjp");
      }
      Numbers.assertClose(found[0], found[1], tolerance(c.type()), "as an argument");
      assertTrue(Arrays.stream(found[1]).anyMatch(g -> g != 0), "no gradient");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatTheDeviceWroteIsFetched(Case c) {
    try (Engine engine = c.open();
        NDManager manager = engine.newManager()) {
      Storage storage = engine.newStorage(32);
      Parameter p = new Parameter("p", new Shape(2), true, storage, 16);
      write(storage, 1, 2);
      try (NDArray view = storage.view(manager, 16, new Shape(2))) {
        view.subi(view.onesLike());
      }
      storage.fetch();
      double first =
          c.type() == DataType.FLOAT64
              ? storage.host().getDouble(8 * 16)
              : storage.host().getFloat(4 * 16);
      assertEquals(-1, first);
      p.write(new double[] {5, 6});
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        assertArrayEquals(new double[] {5, 6}, Numbers.of(engine, tape.parameter(p)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tapesOnFourThreadsGiveTheSameBits(Case c) throws Exception {
    try (Engine engine = c.open()) {
      Parameter shared = parameter(engine, new Shape(16, 16), Numbers.normal(61, 256, 0.3));
      List<double[]> alone = new ArrayList<>();
      List<Callable<double[]>> work = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int seed = i % 4;
        if (i < 4) {
          alone.add(gradient(engine, shared, seed));
        }
        work.add(() -> gradient(engine, shared, seed));
      }
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<double[]>> together = pool.invokeAll(work);
        for (int i = 0; i < together.size(); i++) {
          assertArrayEquals(alone.get(i % 4), together.get(i).get());
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private static double[] gradient(Engine engine, Parameter shared, int seed) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.constant(Numbers.normal(seed, 64 * 16, 1), new Shape(64, 16));
      NDArray h = x.matMul(tape.parameter(shared)).tanh();
      NDList out = tape.apply(new ExpSine(), h, h.matMul(tape.parameter(shared)));
      tape.backward(out.get(0).mul(out.get(1)).mul(0.5).sum());
      return Numbers.of(engine, tape.gradient(shared));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNextTapeSeesWhatWasWrittenInPlace(Case c) {
    try (Engine engine = c.open()) {
      Parameter p = parameter(engine, new Shape(2), 1, 2);
      for (int round = 0; round < 3; round++) {
        write(p.storage(), round, 2);
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          tape.backward(tape.parameter(p).square().sum());
          double[] gradient = Numbers.of(engine, tape.gradient(p));
          assertArrayEquals(new double[] {2 * round, 4}, gradient);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void numbersInFormulasSurviveTheGarbageCollector(Case c) {
    try (Engine engine = c.open();
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Parameter p = parameter(engine, new Shape(2), 2, 3);
      NDArray sum = tape.parameter(p).mul(1.0).sum();
      for (int i = 2; i <= 200; i++) {
        sum = sum.add(tape.parameter(p).mul((double) i).sum());
      }
      System.gc();
      List<java.nio.ByteBuffer> others = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        others.add(java.nio.ByteBuffer.allocateDirect(16).putLong(-1).putLong(-1));
      }
      tape.backward(sum);
      assertEquals(2000, others.size());
      assertArrayEquals(new double[] {20100, 20100}, Numbers.of(engine, tape.gradient(p)));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void misuseIsRefused(Case c) throws Exception {
    try (Engine engine = c.open()) {
      Parameter p = parameter(engine, new Shape(2), 1, 2);
      try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
        NDArray loss = tape.parameter(p).sum();
        assertThrows(IllegalStateException.class, () -> tape.gradient(p), "before backward");
        tape.backward(loss);
        assertThrows(IllegalStateException.class, () -> tape.backward(loss), "twice");
        Thread[] other = new Thread[1];
        List<Throwable> thrown = new ArrayList<>();
        other[0] =
            new Thread(
                () ->
                    thrown.add(assertThrows(IllegalStateException.class, () -> tape.parameter(p))));
        other[0].start();
        other[0].join();
        assertEquals(1, thrown.size(), "another thread");
      }
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        NDArray loss = tape.parameter(p).sum();
        assertThrows(IllegalStateException.class, () -> tape.backward(loss), "evaluating");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void memoryIsFlat(Case c) {
    try (Engine engine = c.open()) {
      Parameter p = parameter(engine, new Shape(128, 128), new double[128 * 128]);
      double[] rows = new double[256 * 128];
      Arrays.fill(rows, 0.1);
      for (Tape.Mode mode : Tape.Mode.values()) {
        ResidentMemory.assertFlat(300, 8L << 20, () -> step(engine, p, rows, mode));
      }
    }
  }

  /** Leaves 1 MB or more behind where one batch leaks. */
  private static void step(Engine engine, Parameter p, double[] rows, Tape.Mode mode) {
    try (Tape tape = engine.newTape(mode)) {
      NDArray x = tape.variable(tape.constant(rows, new Shape(rows.length / 128, 128)));
      NDArray loss = x.matMul(tape.parameter(p)).tanh().square().sum();
      if (mode == Tape.Mode.SECOND_ORDER) {
        NDArray one = tape.constant(new double[] {1}, new Shape());
        loss = tape.vjp(new NDList(loss), new NDList(one), new NDList(x)).get(0).square().sum();
      }
      if (mode != Tape.Mode.EVALUATE) {
        tape.backward(loss);
        tape.gradient(p);
      }
    }
  }
}
