package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg scan}. */
@Command(
    name = "scan",
    description = "Fits a model for every combination of some options, and compares them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ScanCommand implements Arguments<ScanCommand> {
  @Option(
      names = "--estimator",
      required = true,
      paramLabel = "NAME",
      description = "what to fit; thalweg list estimators")
  String estimator;

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--over",
      required = true,
      paramLabel = "KEY=A,B",
      description = "an option and the values that it is to have; once for each option")
  List<String> over = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "a directory for the models and scan.csv")
  Path out;

  @Mixin ColumnOptions columns = new ColumnOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "an option of the estimator that is the same in all fits")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--split",
      paramLabel = "T,V,E",
      defaultValue = "0.8,0.1,0.1",
      description =
          "fractions of rows for training, validation and test (default: ${DEFAULT-VALUE})")
  String split;

  @Override
  public Class<ScanAction> action() {
    return ScanAction.class;
  }
}
