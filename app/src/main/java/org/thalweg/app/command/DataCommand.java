package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thalweg data}. */
@Command(
    name = "data",
    description =
        "Prepares a published set (power, gas, hepmass, miniboone, bsds300) from files that you have"
            + " downloaded, with the papers' options; without a name, lists them.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class DataCommand implements Arguments<DataCommand> {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "the set")
  String name;

  @Option(names = "--from", paramLabel = "DIR", description = "where the downloaded files lie")
  Path from;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where NAME.npy and the papers' options go")
  Path out;

  @Option(
      names = "--dry-run",
      paramLabel = "ESTIMATOR",
      description =
          "instead: fit made-up rows of the set's shape for some steps with the paper's options of"
              + " aem, nsf-coupling or nsf-ar, and say what the whole fit would take")
  String dryRun;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "200",
      description = "steps of a dry run (default: ${DEFAULT-VALUE})")
  int steps;

  @Override
  public Class<DataAction> action() {
    return DataAction.class;
  }
}
