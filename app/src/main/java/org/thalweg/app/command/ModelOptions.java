package org.thalweg.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model a command uses. */
final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "a model file that thalweg fit wrote")
  Path model;
}
