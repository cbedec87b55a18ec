package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Storage;

class AdamTest {
  private record Memory(DataType dataType, ByteBuffer host) implements Storage {
    static Memory of(DataType type, int elements) {
      int bytes = elements * type.getNumOfBytes();
      return new Memory(type, ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
    }

    @Override
    public void publish() {}

    @Override
    public NDArray view(NDManager manager, long offset, Shape shape) {
      throw new UnsupportedOperationException();
    }
  }

  /** Two steps on x squared from 1 with step size 0.1, by the paper's formulas on paper. */
  @Test
  void twoStepsByHand() {
    Memory memory = Memory.of(DataType.FLOAT64, 1);
    memory.host().putDouble(0, 1);
    Adam adam = new Adam(DataType.FLOAT64, 1, 0);
    adam.step(memory, new double[] {2}, 0.1);
    // m-hat = 2, v-hat = 4: the step is 0.1 * 2 / (2 + 1e-8).
    assertEquals(0.9, memory.host().getDouble(0), 1e-9);
    adam.step(memory, new double[] {1.8}, 0.1);
    // m = 0.36, m-hat = 0.36 / 0.19; v = 0.007236, v-hat = 0.007236 / 0.001999.
    double expected = 0.9 - 0.1 * (0.36 / 0.19) / Math.sqrt(0.007236 / 0.001999);
    assertEquals(expected, memory.host().getDouble(0), 1e-8);
  }

  @Test
  void weightDecayIsDecoupled() {
    Memory memory = Memory.of(DataType.FLOAT64, 1);
    memory.host().putDouble(0, 2);
    new Adam(DataType.FLOAT64, 1, 0.5).step(memory, new double[] {0}, 0.1);
    assertEquals(2 * (1 - 0.05), memory.host().getDouble(0), 1e-12);
  }

  /** Many steps of many weights, in single precision beside double. */
  @Test
  void singlePrecisionFollowsDouble() {
    int size = 1000;
    Memory single = Memory.of(DataType.FLOAT32, size);
    Memory twice = Memory.of(DataType.FLOAT64, size);
    Adam ofSingle = new Adam(DataType.FLOAT32, size, 0.01);
    Adam ofDouble = new Adam(DataType.FLOAT64, size, 0.01);
    double[] gradient = new double[size];
    for (int step = 0; step < 50; step++) {
      for (int i = 0; i < size; i++) {
        gradient[i] = Math.pow(10, i % 12 - 8) * Math.sin(i + 0.3 * step);
      }
      ofSingle.step(single, gradient, 0.01);
      ofDouble.step(twice, gradient, 0.01);
    }
    for (int i = 0; i < size; i++) {
      double expected = twice.host().getDouble(8 * i);
      assertEquals(expected, single.host().getFloat(4 * i), 1e-5 * (1 + Math.abs(expected)));
    }
  }
}
