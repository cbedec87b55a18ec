package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** Numbers in formulas survive the garbage collector until the backward pass. */
class OperandsTest {
  @Test
  void gradientsThroughNumbersSurviveTheGarbageCollector() throws InterruptedException {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64)) {
      Parameter parameter = Engines.parameter(engine, new Shape(2), 2, 3);
      for (int round = 0; round < 5; round++) {
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray x = tape.parameter(parameter);
          List<NDArray> terms = new ArrayList<>();
          for (int i = 1; i <= 100; i++) {
            terms.add(x.mul((double) i).sum());
          }
          overwriteFreedMemory();
          NDArray sum = terms.get(0);
          for (NDArray term : terms.subList(1, terms.size())) {
            sum = sum.add(term);
          }
          tape.backward(sum);
          assertArrayEquals(new double[] {5050, 5050}, Engines.numbers(tape.gradient(parameter)));
        }
      }
    }
  }

  /** Has unreachable direct buffers freed, and their memory taken by others. */
  private static void overwriteFreedMemory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }
    List<ByteBuffer> others = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      ByteBuffer other = ByteBuffer.allocateDirect(8 + i % 32);
      while (other.hasRemaining()) {
        other.put((byte) 0x55);
      }
      others.add(other);
    }
    others.clear();
  }
}
