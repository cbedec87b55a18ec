package org.thalweg.app.console;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command writes: results to one stream, everything else to the other, so that results can
 * be piped.
 *
 * @param out results
 * @param err messages and progress
 * @param json whether results are one JSON object
 * @param terminal whether a person watches {@code err}
 */
public record Console(PrintStream out, PrintStream err, boolean json, boolean terminal) {
  /** Says what is going on. */
  public void info(String format, Object... arguments) {
    err.printf(format + "%n", arguments);
    err.flush();
  }

  /** Says what the user should know, but what does not stop the command. */
  public void warn(String format, Object... arguments) {
    info("warning: " + format, arguments);
  }

  /**
   * Prints the command's result; called once.
   *
   * @param values the result, by the names of the command's contract
   * @param text the same for people; lines without a newline at the end
   */
  public void result(Map<String, Object> values, String text) {
    out.println(json ? Json.write(values) : text);
    out.flush();
  }
}
