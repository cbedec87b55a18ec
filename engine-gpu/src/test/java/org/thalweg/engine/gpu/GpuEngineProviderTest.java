package org.thalweg.engine.gpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** What the engine says on machines with and without a GPU. */
class GpuEngineProviderTest {
  private record Made(boolean hasDriver, boolean hasCudaLibTorch, boolean loadsCuda)
      implements Machine {}

  @ParameterizedTest
  @CsvSource({
    "false, false, false, no NVIDIA driver was found",
    "false, true,  false, no NVIDIA driver was found",
    "true,  false, false, this libtorch was built without CUDA",
    "true,  true,  false, sees no GPU"
  })
  void openSaysWhyNotAndWhatToDo(boolean driver, boolean cuda, boolean loads, String reason) {
    GpuEngineProvider provider = new GpuEngineProvider(new Made(driver, cuda, loads));
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> provider.open(EngineOptions.threads(1)));
    assertEquals(ExitCode.ENGINE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("Cure: "), refusal.getMessage());
  }

  @Test
  void availabilityDoesNotLoadLibTorch() {
    GpuEngineProvider there = new GpuEngineProvider(new Made(true, true, false));
    assertInstanceOf(Availability.Available.class, there.availability());
    GpuEngineProvider without = new GpuEngineProvider(new Made(true, false, false));
    Availability.Unavailable no =
        assertInstanceOf(Availability.Unavailable.class, without.availability());
    assertTrue(no.cure().contains("PYTORCH_LIBRARY_PATH"), no.cure());
  }

  @Test
  void thisMachineGivesAnAnswer() {
    assertDoesNotThrow(() -> new GpuEngineProvider().availability());
  }
}
