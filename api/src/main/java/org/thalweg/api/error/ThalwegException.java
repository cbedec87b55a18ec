package org.thalweg.api.error;

/**
 * A refusal that a user can act on: its message says what was asked, what is there and what to do.
 *
 * <p>It is shown without a stack trace; anything else that is thrown is a defect.
 */
public final class ThalwegException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit code, never {@link ExitCode#OK}. */
  private final ExitCode exitCode;

  /** A refusal with its exit code. */
  public ThalwegException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A refusal that another exception caused. */
  public ThalwegException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A refusal of arguments or of a table, with exit code 2. */
  public static ThalwegException usage(String format, Object... arguments) {
    return new ThalwegException(ExitCode.USAGE, String.format(format, arguments));
  }

  /** A refusal of a model file, or of a table without a usable row, with exit code 3. */
  public static ThalwegException data(String format, Object... arguments) {
    return new ThalwegException(ExitCode.DATA, String.format(format, arguments));
  }

  /** The code that the process exits with when nobody handles this. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
