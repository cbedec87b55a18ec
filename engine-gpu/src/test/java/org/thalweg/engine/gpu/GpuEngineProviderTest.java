package org.thalweg.engine.gpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** What the engine says on machines with and without a GPU. */
class GpuEngineProviderTest {
  private record Made(boolean hasDriver, boolean hasCudaLibTorch, int gpus) implements Machine {
    @Override
    public Optional<Availability.Unavailable> problem() {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, 0, no NVIDIA driver was found",
    "false, true,  0, no NVIDIA driver was found",
    "true,  false, 0, this libtorch was built without CUDA",
    "true,  true,  0, sees no GPU"
  })
  void openSaysWhyNotAndWhatToDo(boolean driver, boolean cuda, int gpus, String reason) {
    GpuEngineProvider provider = new GpuEngineProvider(new Made(driver, cuda, gpus));
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> provider.open(EngineOptions.threads(1)));
    assertEquals(ExitCode.ENGINE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("Cure: "), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "0 2", "1 2 0"})
  void aGpuThatIsNotThereIsRefusedWithHowManyThereAre(String devices) {
    GpuEngineProvider provider = new GpuEngineProvider(new Made(true, true, 2));
    List<Integer> named = Arrays.stream(devices.split(" ")).map(Integer::valueOf).toList();
    EngineOptions third = new EngineOptions(1, Precision.FLOAT32, named);
    ThalwegException refusal = assertThrows(ThalwegException.class, () -> provider.open(third));
    assertEquals(ExitCode.ENGINE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains("no GPU 2, libtorch sees 2"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("from 0 to 1"), refusal.getMessage());
  }

  /** libtorch reads it when it is loaded: said before that. */
  @Test
  void coarseProductsAreAskedForWhenTheProcessStarts() {
    GpuEngineProvider provider = new GpuEngineProvider(new Made(true, true, 2));
    EngineOptions coarse = new EngineOptions(1, Precision.TF32, List.of(0));
    ThalwegException refusal = assertThrows(ThalwegException.class, () -> provider.open(coarse));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(
        refusal.getMessage().contains("TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1"), refusal.getMessage());
  }

  @Test
  void aSimulatedGpuHasNoCoarseProducts() {
    System.setProperty("thalweg.gpu.simulated", "true");
    try {
      EngineOptions coarse = new EngineOptions(1, Precision.TF32, List.of(0));
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> new GpuEngineProvider().open(coarse));
      assertTrue(refusal.getMessage().contains("simulated"), refusal.getMessage());
    } finally {
      System.clearProperty("thalweg.gpu.simulated");
    }
  }

  @Test
  void severalDevicesAreNamedAndShareABatch() {
    System.setProperty("thalweg.gpu.simulated", "true");
    EngineOptions two = new EngineOptions(1, Precision.FLOAT32, List.of(1, 0));
    try (Engine engine = new GpuEngineProvider().open(two)) {
      assertEquals("cpu, cpu", engine.describe().get("device"));
      assertEquals(2, engine.shares());
      assertEquals(2, engine.parallelism());
      assertEquals(engine, engine.ofShare(0));
      assertNotEquals(engine, engine.ofShare(1));
    } finally {
      System.clearProperty("thalweg.gpu.simulated");
    }
  }

  @Test
  void availabilityDoesNotLoadLibTorch() {
    GpuEngineProvider there = new GpuEngineProvider(new Made(true, true, 0));
    assertInstanceOf(Availability.Available.class, there.availability());
    GpuEngineProvider without = new GpuEngineProvider(new Made(true, false, 0));
    Availability.Unavailable no =
        assertInstanceOf(Availability.Unavailable.class, without.availability());
    assertTrue(no.cure().contains("PYTORCH_LIBRARY_PATH"), no.cure());
  }

  @Test
  void aLibTorchThatDoesNotFitIsSaidSo() {
    Availability.Unavailable wrong =
        new Availability.Unavailable("it is version 2.6.0", "take 2.7.1");
    Machine machine =
        new Machine() {
          @Override
          public boolean hasDriver() {
            return true;
          }

          @Override
          public Optional<Availability.Unavailable> problem() {
            return Optional.of(wrong);
          }

          @Override
          public boolean hasCudaLibTorch() {
            throw new AssertionError("there is none");
          }

          @Override
          public int gpus() {
            throw new AssertionError("it must not be loaded");
          }
        };
    assertEquals(wrong, new GpuEngineProvider(machine).availability());
  }

  @Test
  void thisMachineGivesAnAnswer() {
    assertDoesNotThrow(() -> new GpuEngineProvider().availability());
  }

  @Test
  void compiledScriptsAreSaidAndNoted() {
    System.setProperty("thalweg.gpu.simulated", "true");
    System.setProperty("thalweg.gpu.fused", "true");
    try (Engine engine = new GpuEngineProvider().open(EngineOptions.threads(1))) {
      var here =
          assertInstanceOf(Availability.Available.class, new GpuEngineProvider().availability());
      assertTrue(here.detail().endsWith(", scripts compiled"), here.detail());
      assertEquals("gpu float32 fused", engine.numbers());
    } finally {
      System.clearProperty("thalweg.gpu.simulated");
      System.clearProperty("thalweg.gpu.fused");
    }
  }
}
