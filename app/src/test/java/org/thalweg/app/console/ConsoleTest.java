package org.thalweg.app.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void numbersThatJsonLacksAreNull() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("a", Double.NaN);
    values.put("b", List.of(1.5, Double.NEGATIVE_INFINITY));
    values.put("c", Map.of("d", 2L));
    String text = Json.write(values).replaceAll("\\s", "");
    assertEquals("{\"a\":null,\"b\":[1.5,null],\"c\":{\"d\":2}}", text);
  }

  @Test
  void tablesAreAligned() {
    String text = new TextTable().row("a", 1, "x").row("long", 22).toString();
    assertEquals("a     1   x" + System.lineSeparator() + "long  22", text);
  }

  @Test
  void aTerminalGetsABarAndAPipeDoesNot() {
    for (boolean terminal : new boolean[] {true, false}) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Console console = new Console(new PrintStream(err), new PrintStream(err), false, terminal);
      try (Progress progress = new Progress(console, "fit", "steps", 100)) {
        for (int i = 1; i <= 100; i++) {
          progress.at(i, () -> "loss 1.0");
        }
      }
      assertEquals(terminal, err.toString().contains("100%"), err.toString());
    }
  }

  @Test
  void interruptionIsRemembered() {
    Interruption interruption = new Interruption();
    assertFalse(interruption.requested());
    interruption.request();
    assertTrue(interruption.requested());
  }
}
