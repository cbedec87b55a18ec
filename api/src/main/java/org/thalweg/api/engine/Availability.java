package org.thalweg.api.engine;

/** Whether an engine can be opened on this machine. */
public sealed interface Availability {
  /**
   * It should open.
   *
   * @param detail what it would run on, in one line
   */
  record Available(String detail) implements Availability {}

  /**
   * It cannot.
   *
   * @param reason what is missing
   * @param cure what the user can do about it
   */
  record Unavailable(String reason, String cure) implements Availability {}
}
