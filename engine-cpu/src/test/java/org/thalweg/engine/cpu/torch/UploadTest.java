package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.DoubleBuffer;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Tape;

/** Numbers come to a device as they are, also where its own way to fetch them is refused. */
class UploadTest {
  private static final double[] NUMBERS = {1, -2.5, 1e-300, 4, 5, 6};

  @Test
  void numbersComeAsTheyAre() {
    try (TorchEngine engine = Engines.blind(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray sent = tape.constant(NUMBERS, new Shape(2, 3));
      assertEquals(new Shape(2, 3), sent.getShape());
      assertSame(tape.manager(), sent.getManager());
      assertArrayEquals(NUMBERS, Engines.numbers(sent));
      NDArray which = tape.indices(new long[] {7, 0, 1L << 40});
      assertEquals(DataType.INT64, which.getDataType());
      assertArrayEquals(new long[] {7, 0, 1L << 40}, which.toLongArray());
      assertFalse(engine.upload().refused());
    }
  }

  /** What was sent does not lie over the memory of the host, which is used again. */
  @Test
  void whatWasSentStaysWhatItIs() {
    try (TorchEngine engine = Engines.blind(DataType.FLOAT64);
        Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      double[] numbers = NUMBERS.clone();
      NDArray sent = tape.constant(numbers, new Shape(6));
      numbers[0] = 99;
      for (int i = 0; i < 100; i++) {
        tape.constant(new double[6], new Shape(6));
      }
      assertArrayEquals(NUMBERS, Engines.numbers(sent));
    }
  }

  /** This libtorch has no GPU to fetch them: they go the other way, and are not tried again. */
  @Test
  void whereItIsRefusedTheyGoAsDjlSendsThem() {
    try (TorchEngine engine = Engines.blind(DataType.FLOAT64);
        NDManager host = engine.newManager();
        PtNDManager manager = (PtNDManager) engine.newManager()) {
      Upload upload = new Upload(manager, Device.gpu(), host);
      for (int i = 0; i < 2; i++) {
        NDArray sent =
            upload.send(manager, DoubleBuffer.wrap(NUMBERS), new Shape(6), DataType.FLOAT64);
        assertArrayEquals(NUMBERS, Engines.numbers(sent));
        assertTrue(upload.refused());
      }
    }
  }
}
