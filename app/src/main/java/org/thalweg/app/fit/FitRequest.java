package org.thalweg.app.fit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.table.Columns;
import org.thalweg.app.table.TableQuery;

/**
 * What is to be fitted.
 *
 * @param estimator the estimator's name
 * @param options options that differ from its defaults, by key
 * @param table which rows
 * @param columns which columns
 * @param dequantise whether the resolutions of rounded features are found and declared
 * @param split how rows are divided
 * @param maxRows the most rows to keep, if the user says so
 * @param timeLimit when to stop and keep the best so far
 * @param out the model file
 * @param resume whether to go on from the checkpoint beside it
 * @param pictures a directory for pictures
 */
public record FitRequest(
    String estimator,
    Map<String, Object> options,
    TableQuery table,
    Columns columns,
    boolean dequantise,
    Split split,
    OptionalInt maxRows,
    Optional<Duration> timeLimit,
    Path out,
    boolean resume,
    Optional<Path> pictures) {
  /** All rows of a table with the usual split, for a trial: nothing is written. */
  public static FitRequest toMeasure(
      String estimator, Map<String, Object> options, TableQuery table, Columns columns) {
    return new FitRequest(
        estimator,
        options,
        table,
        columns,
        false,
        Split.DEFAULT,
        OptionalInt.empty(),
        Optional.empty(),
        Path.of(""),
        false,
        Optional.empty());
  }

  /** Where state is kept during the fit. */
  public Path checkpoint() {
    return out.resolveSibling(out.getFileName() + ".checkpoint");
  }

  /** Where the last good model goes when training diverges: never over a good one. */
  public Path outOfDiverged() {
    return out.resolveSibling(out.getFileName() + ".diverged");
  }
}
