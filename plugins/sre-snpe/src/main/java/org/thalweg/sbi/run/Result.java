package org.thalweg.sbi.run;

import java.util.Arrays;
import org.thalweg.api.error.ThalwegException;

/**
 * What one simulation came to.
 *
 * @param outcome whether it is used
 * @param data what it gave; nothing where it is left out
 * @param reason what it said about its failure; empty where there is nothing to say
 */
record Result(Outcome outcome, double[] data, String reason) {
  /** Nothing, in time. */
  static final Result LATE = failed(Outcome.TIMEOUT, "");

  /** More of a message is for a log. */
  private static final int LONGEST = 500;

  /** What came back, where so many numbers are to come. */
  static Result of(double[] out, int size) {
    if (out == null) {
      return failed(Outcome.LENGTH, "no array");
    }
    if (out.length != size) {
      return failed(Outcome.LENGTH, "%d and not %d".formatted(out.length, size));
    }
    return Arrays.stream(out).allMatch(Double::isFinite)
        ? new Result(Outcome.USED, out.clone(), "")
        : failed(Outcome.NOT_FINITE, "");
  }

  /** What was thrown. */
  static Result of(Throwable thrown) {
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    String kind = thrown.getClass().getSimpleName();
    String text =
        thrown instanceof ThalwegException
            ? message
            : message.isEmpty() ? kind : kind + ": " + message;
    return failed(
        Outcome.EXCEPTION, text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
  }

  private static Result failed(Outcome outcome, String reason) {
    return new Result(outcome, new double[0], reason);
  }
}
