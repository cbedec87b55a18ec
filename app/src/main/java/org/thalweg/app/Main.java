package org.thalweg.app;

import java.io.PrintStream;
import java.util.List;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.console.Terminals;

/** Starts the application. */
public final class Main {
  private Main() {}

  /** Carries out the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    configure(List.of(arguments).contains("--verbose"));
    Interruption interruption = Interruption.ofProcess();
    PrintStream results = System.out;
    // What a plugin or a library prints must not get between the lines of a result.
    System.setOut(System.err);
    App app = new App(results, System.err, Terminals.errorIsTerminal(), interruption);
    System.exit(app.run(arguments));
  }

  /** Before any class that reads these is loaded; what the user sets wins. */
  private static void configure(boolean verbose) {
    set("java.awt.headless", "true");
    set("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "error");
    set("org.slf4j.simpleLogger.log.org.thalweg", verbose ? "debug" : "info");
    set("org.slf4j.simpleLogger.showThreadName", "false");
    set("org.slf4j.simpleLogger.showLogName", "false");
    set("org.slf4j.simpleLogger.levelInBrackets", "false");
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
