package org.thalweg.api.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.thalweg.api.error.ThalwegException;

/**
 * The columns of a table in order, each with its role.
 *
 * @param columns at least one feature, names distinct
 */
public record Schema(List<Column> columns) {
  /** Refuses duplicate names and a table without a feature. */
  public Schema {
    columns = List.copyOf(columns);
    Set<String> seen = new HashSet<>();
    for (Column column : columns) {
      if (!seen.add(column.name())) {
        throw ThalwegException.usage("Column '%s' is named twice.", column.name());
      }
    }
    if (columns.stream().noneMatch(c -> c.role() == Role.FEATURE)) {
      throw ThalwegException.usage("The table has no feature column; name some with --columns.");
    }
  }

  /** Real-valued features {@code x0, x1, ...} and no other column. */
  public static Schema features(int count) {
    return new Schema(IntStream.range(0, count).mapToObj(i -> Column.feature("x" + i)).toList());
  }

  /** The columns with a role, in order. */
  public List<Column> with(Role role) {
    return columns.stream().filter(c -> c.role() == role).toList();
  }

  /** The features, in order. */
  public List<Column> features() {
    return with(Role.FEATURE);
  }

  /** The context columns, in order. */
  public List<Column> contexts() {
    return with(Role.CONTEXT);
  }
}
