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
  private record Memory(ByteBuffer host) implements Storage {
    @Override
    public DataType dataType() {
      return DataType.FLOAT64;
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
    Memory memory = new Memory(ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()));
    memory.host().putDouble(0, 1);
    Adam adam = new Adam(1, 0);
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
    Memory memory = new Memory(ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder()));
    memory.host().putDouble(0, 2);
    new Adam(1, 0.5).step(memory, new double[] {0}, 0.1);
    assertEquals(2 * (1 - 0.05), memory.host().getDouble(0), 1e-12);
  }
}
