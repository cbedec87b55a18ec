package org.thalweg.api.inference;

import org.thalweg.api.estimator.FitEvent;

/** What happens during an inference. */
public sealed interface InferenceEvent {
  /**
   * A round begins.
   *
   * @param round counted from 1
   * @param of how many there will be
   */
  record RoundStarted(int round, int of) implements InferenceEvent {}

  /**
   * Data were simulated.
   *
   * @param done simulations so far
   * @param failed those that gave no usable observation
   * @param of the budget
   */
  record Simulated(int done, int failed, int of) implements InferenceEvent {}

  /**
   * The simulations of a round were run, or some of them where the inference ends there.
   *
   * @param simulations all so far, those that failed among them
   */
  record RoundSimulated(SimulationTable simulations) implements InferenceEvent {}

  /**
   * Something happened while a network was trained.
   *
   * @param event what
   */
  record Training(FitEvent event) implements InferenceEvent {}

  /**
   * Something that the user should know.
   *
   * @param message a sentence
   */
  record Warned(String message) implements InferenceEvent {}
}
