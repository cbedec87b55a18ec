package org.thalweg.api.estimator;

import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;

/**
 * Which rows a model can take.
 *
 * @param usable one a row
 * @param warnings sentences about the rows that are usable
 */
public record Screening(boolean[] usable, List<String> warnings) {
  /** Copies the warnings. */
  public Screening {
    warnings = List.copyOf(warnings);
  }

  /** Takes the rows that hold finite numbers only. */
  public static Screening finite(Rows rows) {
    boolean[] usable = new boolean[rows.size()];
    for (int i = 0; i < usable.length; i++) {
      usable[i] = rows.features().finite(i) && rows.context().finite(i);
    }
    return new Screening(usable, List.of());
  }

  /** The indices of the usable rows, in ascending order. */
  public int[] usableRows() {
    return IntStream.range(0, usable.length).filter(i -> usable[i]).toArray();
  }
}
