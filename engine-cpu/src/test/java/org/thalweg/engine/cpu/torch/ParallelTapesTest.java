package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** Tapes on several threads give the bits that they give one after the other. */
class ParallelTapesTest {
  private static final int WORKERS = 4;
  private static final int ROUNDS = 50;

  @Test
  void fourThreadsGiveTheSameBitsAsOne() throws Exception {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      double[] values = new SplittableRandom(7).doubles(64 * 64, -0.2, 0.2).toArray();
      Parameter shared = Engines.parameter(engine, new Shape(64, 64), values);
      double[][] expected = new double[WORKERS][];
      for (int w = 0; w < WORKERS; w++) {
        expected[w] = gradient(engine, shared, w);
      }
      ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
      try {
        List<Future<double[]>> results = new ArrayList<>();
        for (int i = 0; i < WORKERS * ROUNDS; i++) {
          int worker = i % WORKERS;
          results.add(pool.submit(() -> gradient(engine, shared, worker)));
        }
        for (int i = 0; i < results.size(); i++) {
          assertArrayEquals(expected[i % WORKERS], results.get(i).get());
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  /** A tape that is opened within another leaves the other's recording as it was. */
  @Test
  void tapesOnOneThreadNest() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      double[] values = new SplittableRandom(7).doubles(64 * 64, -0.2, 0.2).toArray();
      Parameter shared = Engines.parameter(engine, new Shape(64, 64), values);
      double[] alone = gradient(engine, shared, 1);
      for (Tape.Mode mode : Tape.Mode.values()) {
        try (Tape outer = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray x = outer.constant(new double[64 * 64], new Shape(64, 64)).add(1);
          NDArray before = x.matMul(outer.parameter(shared));
          double[] inner;
          try (Tape tape = engine.newTape(mode)) {
            inner =
                mode == Tape.Mode.EVALUATE
                    ? Engines.numbers(tape.parameter(shared))
                    : nested(tape, shared, 1);
          }
          assertArrayEquals(mode == Tape.Mode.EVALUATE ? numbers(values) : alone, inner, 1e-4);
          NDArray after = x.matMul(outer.parameter(shared));
          outer.backward(before.add(after).sum());
          double[] gradient = Engines.numbers(outer.gradient(shared));
          // d sum(1 W) / d W is the number of rows, twice.
          for (double g : gradient) {
            assertEquals(128, g, 1e-3);
          }
        }
      }
    }
  }

  private static double[] numbers(double[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  private static double[] gradient(TorchEngine engine, Parameter shared, int worker) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      return nested(tape, shared, worker);
    }
  }

  private static double[] nested(Tape tape, Parameter shared, int worker) {
    double[] rows = new SplittableRandom(worker).doubles(128 * 64, -1, 1).toArray();
    NDArray x = tape.constant(rows, new Shape(128, 64));
    NDArray h = x.matMul(tape.parameter(shared)).tanh();
    NDList out = tape.apply(new XSinX(), h, h.matMul(tape.parameter(shared)));
    tape.backward(out.get(0).mul(out.get(1)).sum());
    return Engines.numbers(tape.gradient(shared));
  }
}
