package org.thalweg.api.error;

/**
 * What a process that failed says to its caller. The numbers are part of the command's contract.
 */
public enum ExitCode {
  /** Done. */
  OK(0),
  /** A defect of Thalweg or of a plugin. */
  INTERNAL(1),
  /** Arguments, unknown names, or a table that cannot be read as declared. */
  USAGE(2),
  /** A model file was refused, or no usable row is left. */
  DATA(3),
  /** The engine that was asked for is not available. */
  ENGINE(4),
  /** Training diverged; the last good model is kept. */
  DIVERGED(5),
  /** Interrupted; a checkpoint is kept. */
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number that the process exits with. */
  public int code() {
    return code;
  }
}
