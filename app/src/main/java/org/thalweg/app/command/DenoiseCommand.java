package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thalweg denoise}. */
@Command(
    name = "denoise",
    description = {
      "Writes a table with what each row may have been without its noise: for each feature the mean",
      "and the standard deviation of the posterior, and draws of it; empty where a row is refused."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class DenoiseCommand implements Arguments<DenoiseCommand> {
  @Mixin ModelOptions model = new ModelOptions();

  @Mixin TableOptions table = new TableOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "the table to write; its format is that of its extension")
  Path out;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "posterior draws of each row (default: ${DEFAULT-VALUE})")
  int samples = 10;

  @Override
  public Class<DenoiseAction> action() {
    return DenoiseAction.class;
  }
}
