package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg report}. */
@Command(
    name = "report",
    description = {
      "Writes report.html and its pictures: what a model is, how it was fitted, its training curve,",
      "its samples beside the rows of a table, and those rows in noise space beside the base."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Arguments<ReportCommand> {
  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where the report and its pictures go")
  Path out;

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--rows",
      paramLabel = "PART",
      description =
          "train, validation, test or all (default: test, where the table is the one that was "
              + "trained on; else all)")
  Part rows;

  @Override
  public Class<ReportAction> action() {
    return ReportAction.class;
  }

  /** Whether there is anything to hold the model against. */
  boolean hasTable() {
    return table.data != null || table.sql != null || table.where != null || rows != null;
  }
}
