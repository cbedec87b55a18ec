package org.thalweg.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

class CpuEngineProviderTest {
  @Test
  void opensAndDescribesItself() {
    CpuEngineProvider provider = new CpuEngineProvider();
    assertInstanceOf(Availability.Available.class, provider.availability());
    try (Engine engine = provider.open(new EngineOptions(3, DataType.FLOAT64))) {
      assertEquals("cpu", engine.name());
      assertTrue(engine.hostViews());
      assertEquals("3", engine.describe().get("threads"));
      assertEquals("cpu", engine.describe().get("device"));
      assertTrue(engine.describe().get("libtorch").startsWith("2.7.1"));
      Set<String> facts = Set.of("engine", "device", "data type", "DJL", "libtorch");
      assertTrue(engine.describe().keySet().containsAll(facts));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TF32, 0, --precision tf32",
    "BFLOAT16, 0, --precision bfloat16",
    "FLOAT32, 1, --devices"
  })
  void whatIsOfAGpuIsRefused(Precision precision, int device, String option) {
    EngineOptions options = new EngineOptions(1, precision, List.of(device));
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> new CpuEngineProvider().open(options));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().startsWith(option), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("--engine gpu"), refusal.getMessage());
  }

  @Test
  void theCallersContextClassLoaderIsLeftAlone() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      Thread.currentThread().setContextClassLoader(null);
      new CpuEngineProvider().open(EngineOptions.threads(1)).close();
      assertEquals(null, Thread.currentThread().getContextClassLoader());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
