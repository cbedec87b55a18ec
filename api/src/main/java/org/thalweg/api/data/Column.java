package org.thalweg.api.data;

import java.util.OptionalDouble;
import org.thalweg.api.error.ThalwegException;

/**
 * One column of a table.
 *
 * @param name the name in the table
 * @param role what it is for
 * @param kind the set its values lie in
 * @param resolution the step its values were rounded to, in its unit; a rounded column is
 *     dequantised in training with uniform noise one step wide, because a density is unbounded on
 *     repeated values
 */
public record Column(String name, Role role, Kind kind, OptionalDouble resolution) {
  /** Refuses a blank name and a resolution that is not a positive number. */
  public Column {
    if (name.isBlank()) {
      throw ThalwegException.usage("A column needs a name.");
    }
    if (resolution.isPresent() && !(resolution.getAsDouble() > 0)) {
      throw ThalwegException.usage(
          "The resolution of column '%s' must be above 0, got %s.", name, resolution.getAsDouble());
    }
  }

  /** A real-valued feature that is not rounded. */
  public static Column feature(String name) {
    return new Column(name, Role.FEATURE, Kind.REAL, OptionalDouble.empty());
  }

  /** A real-valued context column. */
  public static Column context(String name) {
    return new Column(name, Role.CONTEXT, Kind.REAL, OptionalDouble.empty());
  }

  /** The same column, rounded to {@code step}. */
  public Column withResolution(double step) {
    return new Column(name, role, kind, OptionalDouble.of(step));
  }
}
