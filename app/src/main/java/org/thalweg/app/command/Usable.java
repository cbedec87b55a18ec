package org.thalweg.app.command;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Screening;

/**
 * The rows of a chunk that a model may see.
 *
 * @param rows their indices, ascending
 * @param warnings what the user should know about them
 */
record Usable(int[] rows, List<String> warnings) {
  /**
   * Those that are readable and that the model takes.
   *
   * @param readable whether the row of an index has no missing value
   */
  static Usable of(Model model, Rows rows, IntPredicate readable) {
    Screening screening = model.screen(rows);
    return new Usable(
        IntStream.range(0, rows.size())
            .filter(i -> readable.test(i) && screening.usable()[i])
            .toArray(),
        screening.warnings());
  }
}
