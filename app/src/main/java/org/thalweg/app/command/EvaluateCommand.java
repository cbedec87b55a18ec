package org.thalweg.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Prints the mean log-density of rows, its standard error, and bits per dimension.",
      "Columns with a resolution are dequantised, as in training."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Arguments<EvaluateCommand> {
  @Mixin ModelOptions model = new ModelOptions();

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--rows",
      paramLabel = "PART",
      description =
          "train, validation, test or all (default: test, where the table is the one that was "
              + "trained on; else all)")
  Part rows;

  @Option(
      names = "--density",
      paramLabel = "NAME",
      description = "one of the model's densities (default: the first)")
  String density;

  @Override
  public Class<EvaluateAction> action() {
    return EvaluateAction.class;
  }
}
