package org.thalweg.app.command;

import org.thalweg.app.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

/** The command without a name: options that every command takes. */
@Command(
    name = "thalweg",
    description =
        "Neural distribution estimation: fit, score, sample and evaluate densities, infer posteriors.",
    mixinStandardHelpOptions = true,
    versionProvider = Root.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      FitCommand.class,
      ScanCommand.class,
      ScoreCommand.class,
      SampleCommand.class,
      DenoiseCommand.class,
      EvaluateCommand.class,
      InferCommand.class,
      ReportCommand.class,
      DataCommand.class,
      ListCommand.class,
      DescribeCommand.class,
      BenchEnginesCommand.class,
      DoctorCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done; 2 arguments, unknown names, or a table that cannot be read as declared;",
      "3 a model file refused, or no usable row; 4 the engine is not available; 5 training diverged",
      "(the last good model is kept); 130 interrupted (a checkpoint is kept)."
    })
public final class Root {
  @Mixin GlobalOptions global = new GlobalOptions();

  /** The options that every command takes. */
  public GlobalOptions global() {
    return global;
  }

  /** Prints versions. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"thalweg " + Versions.thalweg()};
    }
  }
}
