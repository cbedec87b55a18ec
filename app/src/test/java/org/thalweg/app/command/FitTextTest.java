package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FitTextTest {
  @Test
  void aSampleOfTheTrainingRowsIsNotTakenForAllOfThem() {
    Map<String, Object> values = new HashMap<>();
    values.put("train_log_density", -1.5);
    values.put("train_rows", 32_000L);
    values.put("test_log_density", -1.25);
    values.put("test_rows", 4000L);
    String all = FitText.of(values);
    assertTrue(all.contains("-1.5000 nats a row, 32000 rows"), all);
    values.put("train_judged_rows", 20_000L);
    String some = FitText.of(values);
    assertTrue(some.contains("-1.5000 nats a row, 20000 of 32000 rows"), some);
    assertTrue(some.contains("-1.2500 nats a row, 4000 rows"), some);
  }

  @Test
  void atTheTimeLimitItSaysSo() {
    Map<String, Object> values = new HashMap<>(Map.of("stop", "completed"));
    assertFalse(FitText.of(values).contains("time limit"));
    values.put("stop", "time_limit");
    assertTrue(FitText.of(values).contains("by the time limit, before training was done"));
  }

  @Test
  void theDimensionOfAManifoldIsSaid() {
    Map<String, Object> values = new HashMap<>(Map.of("dimension", 2L));
    assertTrue(FitText.of(values).matches("(?s).*dimension +2\\s.*"), FitText.of(values));
    values.put("intrinsic_dimension", 2.345);
    assertTrue(FitText.of(values).contains("2 (estimated: 2.3"), FitText.of(values));
  }
}
