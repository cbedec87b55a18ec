package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg score}. */
@Command(
    name = "score",
    description =
        "Writes a table with the log-density of each row, in nats; empty where a value is missing.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ScoreCommand implements Arguments<ScoreCommand> {
  @Mixin ModelOptions model = new ModelOptions();

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "the table to write; its format is that of its extension")
  Path out;

  @Option(
      names = "--density",
      paramLabel = "NAME",
      split = ",",
      description =
          "one of the model's densities (default: the first); several, repeated or with commas"
              + " between them, have a column each")
  List<String> densities = new ArrayList<>();

  @Override
  public Class<ScoreAction> action() {
    return ScoreAction.class;
  }
}
