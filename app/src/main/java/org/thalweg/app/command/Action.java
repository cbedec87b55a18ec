package org.thalweg.app.command;

import org.thalweg.api.error.ExitCode;

/**
 * Carries out a command.
 *
 * @param <A> the command's arguments
 */
@FunctionalInterface
public interface Action<A extends Arguments<A>> {
  /**
   * Carries it out.
   *
   * @throws org.thalweg.api.error.ThalwegException where it is refused
   */
  ExitCode run(A arguments);
}
