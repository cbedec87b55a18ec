package org.thalweg.app.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.thalweg.api.estimator.FitEvent;

class FitHistoryTest {
  @Test
  void itSurvivesTheModelFile() throws JsonProcessingException {
    List<FitEvent.Validated> history =
        List.of(
            new FitEvent.Validated(10, 0, -3, -2.5, true),
            new FitEvent.Validated(20, 1, Double.NaN, Double.NEGATIVE_INFINITY, false),
            new FitEvent.Validated(5_000_000_000L, 2, -1.5, -2.125, true));
    Map<String, Object> provenance = new LinkedHashMap<>();
    FitHistory.put(provenance, history);
    JsonMapper json = new JsonMapper();
    Map<String, Object> read =
        json.readValue(json.writeValueAsString(provenance), new TypeReference<>() {});
    List<FitEvent.Validated> found = FitHistory.of(read);
    assertEquals(history.get(0), found.get(0));
    assertEquals(new FitEvent.Validated(20, 1, Double.NaN, Double.NaN, false), found.get(1));
    assertEquals(history.get(2), found.get(2));
  }

  @Test
  void modelsMadeOtherwiseHaveNone() {
    assertEquals(List.of(), FitHistory.of(Map.of()));
    assertEquals(List.of(), FitHistory.of(Map.of("history", List.of("?", Map.of("step", 1)))));
  }
}
