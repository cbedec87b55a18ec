package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;

/** Memory that the host writes and tensors see. */
class StorageTest {
  private static TorchEngine engine(DataType type, boolean hostViews) {
    return hostViews ? Engines.host(type) : Engines.blind(type);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32,true", "FLOAT64,true", "FLOAT32,false", "FLOAT64,false"})
  void theNextTapeSeesWhatWasWrittenInPlace(DataType type, boolean hostViews) {
    try (TorchEngine engine = engine(type, hostViews)) {
      Parameter parameter = Engines.parameter(engine, new Shape(2, 2), 1, 2, 3, 4);
      for (int round = 0; round < 3; round++) {
        Engines.write(parameter.storage(), round, 2, 3, 4);
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray value = tape.parameter(parameter);
          assertEquals(type, value.getDataType());
          assertArrayEquals(new double[] {round, 2, 3, 4}, Engines.numbers(value));
          tape.backward(value.square().sum());
          double[] gradient = Engines.numbers(tape.gradient(parameter));
          assertArrayEquals(new double[] {2 * round, 4, 6, 8}, gradient);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void viewsShareMemoryAndStartWhereTheyShould(boolean hostViews) {
    try (TorchEngine engine = engine(DataType.FLOAT32, hostViews);
        NDManager manager = engine.newManager()) {
      Storage storage = engine.newStorage(40);
      NDArray view = storage.view(manager, 16, new Shape(2, 3));
      assertArrayEquals(new double[6], Engines.numbers(view));
      double[] values = new double[40];
      Arrays.setAll(values, i -> i);
      Engines.write(storage, values);
      assertArrayEquals(new double[] {16, 17, 18, 19, 20, 21}, Engines.numbers(view));
      assertEquals(new Shape(2, 3), view.getShape());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aViewOutsideOrNotAlignedIsRefused(boolean hostViews) {
    try (TorchEngine engine = engine(DataType.FLOAT32, hostViews);
        NDManager manager = engine.newManager()) {
      Storage storage = engine.newStorage(40);
      for (long offset : new long[] {-16, 8, 48}) {
        assertThrows(
            IllegalArgumentException.class, () -> storage.view(manager, offset, new Shape(1)));
      }
      assertThrows(IllegalArgumentException.class, () -> storage.view(manager, 32, new Shape(9)));
    }
  }

  /** What is published is on all, what is written on the first is on the others when handed on. */
  @Test
  void eachDeviceHasAMemoryOfItsOwn() {
    try (TorchEngine engine = Engines.blind(DataType.FLOAT32, 3);
        TorchEngine stranger = Engines.blind(DataType.FLOAT32);
        NDManager first = engine.newManager();
        NDManager last = engine.ofShare(2).newManager();
        NDManager foreign = stranger.newManager()) {
      Shape shape = new Shape(3);
      Storage storage = engine.newStorage(3);
      Engines.write(storage, 1, 2, 3);
      NDArray there = storage.view(last, 0, shape);
      assertArrayEquals(new double[] {1, 2, 3}, Engines.numbers(there));
      NDArray here = storage.view(first, 0, shape);
      here.addi(10);
      assertArrayEquals(new double[] {1, 2, 3}, Engines.numbers(there), "one memory for both");
      storage.spread();
      assertArrayEquals(new double[] {11, 12, 13}, Engines.numbers(there));
      assertArrayEquals(
          new double[] {11, 12, 13},
          Engines.numbers(storage.view(engine.ofShare(1).newManager(), 0, shape)));
      assertThrows(IllegalArgumentException.class, () -> storage.view(foreign, 0, shape));
    }
  }

  @Test
  void hostMemoryIsDirectNativeAndAligned() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      for (int elements : new int[] {0, 1, 16, 1000}) {
        var host = engine.newStorage(elements).host();
        assertTrue(host.isDirect());
        assertEquals(ByteOrder.nativeOrder(), host.order());
        assertEquals(4 * elements, host.remaining());
        assertEquals(0, elements == 0 ? 0 : host.alignmentOffset(0, 64));
      }
    }
  }

  @Test
  void tooMuchForOneStorageIsRefused() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT32)) {
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> engine.newStorage(1L << 30));
      assertTrue(refusal.getMessage().contains("1073741824"), refusal.getMessage());
    }
  }

  @Test
  void theMemoryLivesAsLongAsAView() {
    try (TorchEngine engine = Engines.host(DataType.FLOAT64);
        NDManager manager = engine.newManager()) {
      NDArray view = filled(engine, manager);
      for (int i = 0; i < 20; i++) {
        System.gc();
        filled(engine, manager);
      }
      assertArrayEquals(new double[] {1, 2, 3}, Engines.numbers(view));
    }
  }

  private static NDArray filled(TorchEngine engine, NDManager manager) {
    Storage storage = engine.newStorage(3);
    Engines.write(storage, 1, 2, 3);
    return storage.view(manager, 0, new Shape(3));
  }
}
