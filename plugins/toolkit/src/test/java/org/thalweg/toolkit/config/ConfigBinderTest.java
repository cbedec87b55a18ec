package org.thalweg.toolkit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

class ConfigBinderTest {
  public enum Linear {
    LU_LINEAR,
    NONE
  }

  public record Inner(
      @Option(value = "units", min = 1, max = 100) int hiddenUnits, Linear linear) {}

  public record Outer(
      double learningRate, boolean early, Inner inner, Choice univariate, String note) {}

  private static final Outer DEFAULTS =
      new Outer(
          1e-3, true, new Inner(8, Linear.LU_LINEAR), new Choice("spline", Map.of("bins", 8)), "n");

  public record Other(@Option("other units") int hiddenUnits) {}

  public record Twice(Inner inner, Other other) {}

  @Test
  void aKeyThatTwoRecordsDeclareIsRefused() {
    Twice twice = new Twice(new Inner(8, Linear.NONE), new Other(4));
    for (Executable use :
        List.<Executable>of(
            () -> ConfigBinder.bind(twice, Map.of("hidden-units", 5)),
            () -> ConfigBinder.describe(twice))) {
      ThalwegException e = assertThrows(ThalwegException.class, use);
      assertTrue(e.getMessage().contains("'hidden-units'"), e.getMessage());
      assertTrue(e.getMessage().contains("Inner") && e.getMessage().contains("Other"));
    }
  }

  @Test
  void bindsNestedKeysInKebabCase() {
    Outer bound =
        ConfigBinder.bind(
            DEFAULTS,
            Map.of("learning-rate", "0.5", "hidden-units", 1e1, "linear", "none", "early", "off"));
    assertEquals(
        new Outer(0.5, false, new Inner(10, Linear.NONE), DEFAULTS.univariate(), "n"), bound);
  }

  @Test
  void flattenAndBindAreInverse() {
    assertEquals(DEFAULTS, ConfigBinder.bind(DEFAULTS, ConfigBinder.flatten(DEFAULTS)));
    assertEquals("lu-linear", ConfigBinder.flatten(DEFAULTS).get("linear"));
    assertEquals(8, ConfigBinder.flatten(DEFAULTS).get("univariate.bins"));
  }

  @Test
  void anotherChoiceDropsTheOptionsOfTheDefaultOne() {
    Outer same = ConfigBinder.bind(DEFAULTS, Map.of("univariate.tail-bound", 3));
    assertEquals(Map.of("bins", 8, "tail-bound", 3), same.univariate().options());
    Outer other = ConfigBinder.bind(DEFAULTS, Map.of("univariate", "affine"));
    assertEquals(Choice.of("affine"), other.univariate());
  }

  @Test
  void unknownKeysAreRefusedWithTheNearest() {
    ThalwegException e =
        assertThrows(
            ThalwegException.class, () -> ConfigBinder.bind(DEFAULTS, Map.of("learning-rat", "1")));
    assertEquals(ExitCode.USAGE, e.exitCode());
    assertTrue(e.getMessage().contains("'learning-rat'"), e.getMessage());
    assertTrue(e.getMessage().contains("Did you mean 'learning-rate'?"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "hidden-units, 0",
    "hidden-units, 101",
    "hidden-units, 1.5",
    "hidden-units, x",
    "hidden-units, 99999999999",
    "learning-rate, NaN",
    "learning-rate, Infinity",
    "early, maybe",
    "linear, qr"
  })
  void valuesOfTheWrongTypeOrRangeAreRefusedAndQuoted(String key, String value) {
    ThalwegException e =
        assertThrows(ThalwegException.class, () -> ConfigBinder.bind(DEFAULTS, Map.of(key, value)));
    assertEquals(ExitCode.USAGE, e.exitCode());
    assertTrue(e.getMessage().contains(key) && e.getMessage().contains(value), e.getMessage());
  }

  /** A record with a list of parts. */
  public record Row(List<Choice> parts) {}

  @Test
  void listsOfPartsAreTextsOrYaml() {
    Row defaults = new Row(List.of(Choice.of("a")));
    String text = "a, b(x.y=1, x=q), c-d";
    Row ofText = ConfigBinder.bind(defaults, Map.of("parts", text));
    assertEquals(List.of("a", "b", "c-d"), ofText.parts().stream().map(Choice::name).toList());
    assertEquals(Map.of("x", "q", "x.y", "1"), ofText.parts().get(1).options());
    assertEquals("a, b(x=q, x.y=1), c-d", ConfigBinder.flatten(ofText).get("parts"));
    Map<String, Object> nested = Map.of("name", "b", "x", Map.of("name", "q", "y", "1"));
    Row ofYaml = ConfigBinder.bind(defaults, Map.of("parts", List.of("a", nested, "c-d")));
    assertEquals(ofText, ofYaml);
    for (String wrong : List.of("", "a,,b", "a(b", "a)b(", "a(b)", "A b")) {
      var refused =
          assertThrows(
              ThalwegException.class, () -> ConfigBinder.bind(defaults, Map.of("parts", wrong)));
      assertTrue(refused.getMessage().contains("'parts'"), refused.getMessage());
    }
  }
}
