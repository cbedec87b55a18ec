package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code thalweg demo}. */
@Command(
    name = "demo",
    description =
        "Fits a ring of eight Gaussians end to end, compares with the truth, draws pictures.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Arguments<DemoCommand> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "thalweg-demo",
      description = "where data, model, scores and pictures go (default: ${DEFAULT-VALUE})")
  Path out;

  @Override
  public Class<DemoAction> action() {
    return DemoAction.class;
  }
}
