package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code thalweg infer}. */
@Command(
    name = "infer",
    description =
        "Infers the parameters of a simulator or of a log-density, and judges the result.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class InferCommand implements Arguments<InferCommand> {
  @Option(
      names = "--method",
      required = true,
      paramLabel = "NAME",
      description = "how to infer; thalweg list methods")
  String method;

  @Option(
      names = "--simulator",
      paramLabel = "NAME",
      description = "a simulator with its prior; thalweg list simulators")
  String simulator;

  @Option(
      names = "--observation",
      paramLabel = "FILE",
      description = "what was observed: a table with a header and a row, or independent rows")
  Path observation;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "a log-density; thalweg list targets")
  String target;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "JSON with the values that the target conditions on")
  Path data;

  @Option(
      names = "--problem-set",
      paramLabel = "KEY=VALUE",
      description = "an option of the simulator or of the target; thalweg describe NAME")
  List<String> problemSet = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where samples, summary, report, pictures and the posterior go")
  Path out;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "how often the proposal is refined (default: 10 for a sequential method, else 1)")
  Integer rounds;

  @Option(
      names = "--simulations",
      paramLabel = "N",
      description = "simulations in all rounds together (default: 1000)")
  Integer simulations;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "10000",
      description = "how many draws of the posterior to write (default: ${DEFAULT-VALUE})")
  int draws;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "an option of the method; thalweg describe NAME")
  List<String> set = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with options of the method; --set wins")
  Path config;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "stop after this, such as 90s, 10m or 2h, and keep what there is")
  String timeLimit;

  @Option(names = "--resume", description = "go on from the checkpoint in DIR")
  boolean resume;

  @Override
  public Class<InferAction> action() {
    return InferAction.class;
  }
}
