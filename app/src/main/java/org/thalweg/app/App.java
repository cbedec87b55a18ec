package org.thalweg.app;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.command.Action;
import org.thalweg.app.command.Arguments;
import org.thalweg.app.command.Root;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.wiring.AppModule;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.app.wiring.EngineModule;
import picocli.CommandLine;

/** Carries out one command line. */
public final class App {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final Interruption interruption;
  private final Module replaced;

  /**
   * An application on these streams.
   *
   * @param out results
   * @param err messages and progress
   * @param terminal whether a person watches {@code err}
   * @param interruption what may ask it to end
   */
  public App(PrintStream out, PrintStream err, boolean terminal, Interruption interruption) {
    this(out, err, terminal, interruption, binder -> {});
  }

  /** The same with other bindings in place of some of ours. */
  App(
      PrintStream out,
      PrintStream err,
      boolean terminal,
      Interruption interruption,
      Module replaced) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.interruption = interruption;
    this.replaced = replaced;
  }

  /** Carries out a command and gives the exit code, which {@link ExitCode} explains. */
  public int run(String... arguments) {
    Root root = new Root();
    CommandLine commands =
        new CommandLine(root)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(false)
            .setUsageHelpAutoWidth(false)
            .setUsageHelpWidth(100)
            .setParameterExceptionHandler(this::misused)
            .setExecutionStrategy(parsed -> execute(root, parsed));
    try {
      return commands.execute(arguments);
    } finally {
      out.flush();
      err.flush();
      interruption.finish();
    }
  }

  private int execute(Root root, CommandLine.ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    if (!parsed.hasSubcommand()) {
      parsed.commandSpec().commandLine().usage(err);
      return ExitCode.USAGE.code();
    }
    try {
      return carryOut(root, (Arguments<?>) parsed.subcommand().commandSpec().userObject());
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      return failed(e, root.global().verbose());
    }
  }

  private int carryOut(Root root, Arguments<?> arguments) {
    Console console = new Console(out, err, root.global().json(), terminal);
    Injector injector =
        Guice.createInjector(
            Modules.override(
                    new AppModule(root.global().settings(), console, interruption),
                    new EngineModule())
                .with(replaced));
    EngineChooser engines = injector.getInstance(EngineChooser.class);
    try {
      return carryOut(injector, arguments);
    } finally {
      engines.close();
    }
  }

  @SuppressWarnings("unchecked") // an Arguments<A> is an A
  private static <A extends Arguments<A>> int carryOut(Injector injector, Arguments<A> arguments) {
    Action<A> action = injector.getInstance(arguments.action());
    return action.run((A) arguments).code();
  }

  private int misused(CommandLine.ParameterException failure, String[] arguments) {
    // An option's converter may refuse with a message of ours.
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    say(ExitCode.USAGE, failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(
        failure, failure.getCommandLine().getErr());
    err.println("See: " + command + " --help");
    return ExitCode.USAGE.code();
  }

  private int failed(Throwable failure, boolean verbose) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ThalwegException refusal) {
        if (verbose) {
          refusal.printStackTrace(err);
        }
        return say(refusal.exitCode(), refusal.getMessage());
      }
      if (cause instanceof OutOfMemoryError) {
        return say(
            ExitCode.INTERNAL,
            "Out of memory. Give the JVM more with THALWEG_JAVA_OPTS=-Xmx8g, or lower --max-rows.");
      }
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    return say(
        ExitCode.INTERNAL,
        "internal error: " + Reason.thrown(failure) + (verbose ? "" : ". --verbose shows where."));
  }

  private int say(ExitCode code, String message) {
    err.println("thalweg: " + message);
    if (code == ExitCode.INTERRUPTED) {
      err.println("The same command with --resume goes on.");
    }
    return code.code();
  }
}
