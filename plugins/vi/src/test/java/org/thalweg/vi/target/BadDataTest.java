package org.thalweg.vi.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.vi.Vi;

/** Data of which there is no model. */
class BadDataTest {
  private static final List<Integer> THREE = List.of(1, 2, 3);

  static Stream<Arguments> data() {
    return Stream.of(
        Arguments.of("ark", Map.of("K", 3, "y", THREE), "from 1 to 2 in 'K', its data has 3"),
        Arguments.of("ark", Map.of("K", 0, "y", THREE), "in 'K', its data has 0"),
        Arguments.of("ark", Map.of("K", 1.5, "y", THREE), "in 'K', its data has 1.5"),
        Arguments.of("ark", Map.of("K", 1, "y", 4), "at least 2 numbers in 'y', its data has 1"),
        Arguments.of(
            "blr",
            Map.of("y", THREE, "X", List.of(List.of(1), List.of(2))),
            "needs 3 rows of 'X', its data has 2"),
        Arguments.of(
            "blr",
            Map.of("y", THREE, "X", List.of(List.of(1), List.of(2, 3), List.of(4))),
            "rows of equal length in 'X', its data has one of 1 numbers and one of 2"),
        Arguments.of("hmm-example", Map.of("K", 2, "y", List.of(1)), "2 numbers in 'y'"),
        Arguments.of("garch11", Map.of("y", THREE, "sigma1", 0), "above 0 in 'sigma1'"),
        Arguments.of("garch11", Map.of("y", THREE, "sigma1", -1), "'sigma1', its data has -1"),
        Arguments.of("garch11", Map.of("y", List.of(), "sigma1", 1), "'y', its data has 0"),
        Arguments.of(
            "gp-pois-regr", Map.of("x", THREE, "k", List.of(1, -2, 3)), "'k', its data has -2"),
        Arguments.of(
            "logearn-height",
            Map.of("earn", List.of(10, 0, 30), "height", THREE),
            "above 0 in 'earn', its data has 0"),
        Arguments.of("low-dim-gauss-mix", Map.of("y", List.of()), "'y', its data has 0"));
  }

  @ParameterizedTest
  @MethodSource("data")
  void itIsRefusedByName(String target, Map<String, Object> data, String said) {
    var refused = assertThrows(ThalwegException.class, () -> Vi.target(target, data));
    assertEquals(ExitCode.DATA, refused.exitCode(), refused.getMessage());
    assertTrue(
        refused.getMessage().startsWith("Target '" + target + "' needs")
            && refused.getMessage().contains(said),
        refused.getMessage());
  }
}
