package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg sample}. */
@Command(
    name = "sample",
    description = "Draws rows from a model.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class SampleCommand implements Arguments<SampleCommand> {
  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "-n",
      required = true,
      paramLabel = "N",
      description = "how many rows; with --context-data, how many for each of its rows")
  long count;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "the table to write; its format is that of its extension")
  Path out;

  @Option(
      names = "--context-data",
      paramLabel = "FILE",
      description = "a table with the model's context columns")
  Path contextData;

  @Option(
      names = "--round",
      description = "round columns that have a resolution to it, as the table was")
  boolean round;

  @Option(
      names = "--component",
      paramLabel = "K",
      description = "draw from one component of a mixture alone, counted from 0")
  Integer component;

  @Override
  public Class<SampleAction> action() {
    return SampleAction.class;
  }
}
