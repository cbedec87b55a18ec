package org.thalweg.app.command;

import picocli.CommandLine.Command;

/** {@code thalweg doctor}. */
@Command(
    name = "doctor",
    description = "Shows versions, engines and why not, natives, plugin directories and problems.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Arguments<DoctorCommand> {
  @Override
  public Class<DoctorAction> action() {
    return DoctorAction.class;
  }
}
