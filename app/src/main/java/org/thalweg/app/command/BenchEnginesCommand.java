package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg bench-engines}. */
@Command(
    name = "bench-engines",
    description = "Measures a few training steps of a fit on each engine; writes no model.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class BenchEnginesCommand implements Arguments<BenchEnginesCommand> {
  @Option(
      names = "--estimator",
      required = true,
      paramLabel = "NAME",
      description = "what would be fitted; thalweg list estimators")
  String estimator;

  @Mixin TableOptions table = new TableOptions();

  @Mixin ColumnOptions columns = new ColumnOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "an option of the estimator, such as batch-size; thalweg describe NAME")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with options of the estimator; --set wins")
  Path config;

  @Override
  public Class<BenchEnginesAction> action() {
    return BenchEnginesAction.class;
  }
}
