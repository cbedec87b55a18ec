package org.thalweg.bench.vi;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One training to run.
 *
 * @param table what it belongs to
 * @param target the problem
 * @param label what its row is called
 * @param method the method
 * @param options what differs from its defaults
 * @param seed of the training
 * @param tier 1 or 2
 */
record Cell(
    Table table,
    String target,
    String label,
    String method,
    Map<String, Object> options,
    long seed,
    int tier) {
  /** What is measured of a posterior. */
  enum Table {
    /** k-hat and lower bound, against a known evidence. */
    SCHOOLS,
    /** Means and deviations, against reference draws. */
    POSTERIORDB,
    /** Divergence on a grid, and a picture. */
    TOYS
  }

  /** The beginning of its row, by which it is found again. */
  String key() {
    return String.join(
        ",", List.of(table.name().toLowerCase(Locale.ROOT), target, label, "" + seed));
  }
}
