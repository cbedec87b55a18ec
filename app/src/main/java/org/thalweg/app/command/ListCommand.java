package org.thalweg.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code thalweg list}. */
@Command(name = "list", description = "Lists what there is.", mixinStandardHelpOptions = true)
public final class ListCommand implements Arguments<ListCommand> {
  @Parameters(
      paramLabel = "KIND",
      description =
          "estimators, transforms, univariates, densities, methods, simulators, targets, engines or "
              + "plugins")
  String kind;

  @Override
  public Class<ListAction> action() {
    return ListAction.class;
  }
}
