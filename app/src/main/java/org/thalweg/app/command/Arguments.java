package org.thalweg.app.command;

/**
 * What a user typed after a command's name, and who carries it out.
 *
 * @param <A> the arguments' own type
 */
public interface Arguments<A extends Arguments<A>> {
  /** The class that carries it out; made by the injector. */
  Class<? extends Action<A>> action();
}
