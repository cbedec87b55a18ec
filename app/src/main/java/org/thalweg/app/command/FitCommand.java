package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg fit}. */
@Command(
    name = "fit",
    description = "Fits a model to a table.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class FitCommand implements Arguments<FitCommand> {
  @Option(
      names = "--estimator",
      required = true,
      paramLabel = "NAME",
      description = "what to fit; thalweg list estimators")
  String estimator;

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "MODEL",
      description = "the model file to write, such as wine.thalweg")
  Path out;

  @Mixin ColumnOptions columns = new ColumnOptions();

  @Option(
      names = {"--dequantise", "--dequantize"},
      description =
          "find the power of ten that each column was rounded to, and spread its values over it")
  boolean dequantise;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "an option of the estimator; thalweg describe NAME")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with options of the estimator; --set wins")
  Path config;

  @Option(
      names = "--split",
      paramLabel = "T,V,E",
      defaultValue = "0.8,0.1,0.1",
      description =
          "fractions of rows for training, validation and test (default: ${DEFAULT-VALUE})")
  String split;

  @Option(
      names = "--in-order",
      description =
          "divide rows as they stand: the first for training, then validation, the last for test")
  boolean inOrder;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description =
          "the most rows to keep, a random sample beyond that (default: 2000000, or less where "
              + "that is more than 24 million numbers)")
  Integer maxRows;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "stop after this, such as 90s, 10m or 2h, and keep the best so far")
  String timeLimit;

  @Option(names = "--resume", description = "go on from the checkpoint MODEL.checkpoint")
  boolean resume;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description = "write a training curve, a pair plot and, for two columns, a density map")
  Path pictures;

  @Override
  public Class<FitAction> action() {
    return FitAction.class;
  }
}
