package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** What a tape makes is gone when it is closed. */
class MemoryTest {
  private static final int ROWS = 256;
  private static final int TAPES = 1000;

  /** The Java heap's own pages are touched one after another in the first windows. */
  private static final int MOST_WINDOWS = 12;

  /** As many windows in a row must be flat: a slow leak shows in their sum. */
  private static final int FLAT_WINDOWS = 3;

  /** One leaked batch a tape would be 250 MB a window, a leaked handle of 16 kB one of 16 MB. */
  private static final long SLACK = 8L << 20;

  @ParameterizedTest
  @EnumSource
  @EnabledOnOs(OS.LINUX)
  void residentMemoryIsFlatOverThousandsOfTapes(Tape.Mode mode) throws IOException {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      Parameter parameter = Engines.parameter(engine, new Shape(256, 256), new double[256 * 256]);
      List<Long> windows = new ArrayList<>(List.of(resident()));
      boolean flat = false;
      while (!flat && windows.size() <= MOST_WINDOWS) {
        run(engine, parameter, mode, TAPES);
        System.gc();
        windows.add(resident());
        int last = windows.size() - 1;
        flat = last >= FLAT_WINDOWS && windows.get(last) - windows.get(last - FLAT_WINDOWS) < SLACK;
      }
      assertTrue(flat, () -> "Resident memory kept growing, in bytes: " + windows);
    }
  }

  private static void run(TorchEngine engine, Parameter parameter, Tape.Mode mode, int tapes) {
    double[] rows = new double[ROWS * 256];
    for (int i = 0; i < tapes; i++) {
      try (Tape tape = engine.newTape(mode)) {
        NDArray x = tape.variable(tape.constant(rows, new Shape(ROWS, 256)));
        NDArray h = x.matMul(tape.parameter(parameter)).tanh();
        NDArray some = h.get("0:64");
        NDArray loss = tape.apply(new XSinX(), some, some).get(0).sum();
        NDArray one = tape.constant(new double[] {1}, new Shape());
        if (mode == Tape.Mode.SECOND_ORDER) {
          loss = tape.vjp(new NDList(loss), new NDList(one), new NDList(x)).get(0).square().sum();
        }
        if (mode != Tape.Mode.EVALUATE) {
          tape.backward(loss);
          tape.gradient(parameter);
        }
      }
    }
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everythingOnATapeIsReleasedWithIt() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      Parameter parameter = Engines.parameter(engine, new Shape(2), 1, 2);
      Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER);
      NDArray loss = tape.parameter(parameter).exp().sum();
      tape.backward(loss);
      NDArray gradient = tape.gradient(parameter);
      tape.close();
      assertThrows(IllegalStateException.class, loss::exp);
      assertThrows(IllegalStateException.class, () -> gradient.toByteBuffer(true));
    }
  }

  @Test
  void aManagerOutlivesTapesAndClosesWithTheEngine() {
    TorchEngine engine = Engines.host(DataType.FLOAT32);
    NDManager manager = engine.newManager();
    NDArray kept;
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      kept = tape.constant(new double[] {1, 2}, new Shape(2));
      kept.attach(manager);
    }
    assertEquals(3, Engines.number(kept.sum()));
    engine.close();
    assertTrue(!manager.isOpen());
  }
}
