package org.thalweg.api.inference;

/** Watches an inference and may stop it. */
@FunctionalInterface
public interface InferenceListener {
  /** Something happened. */
  void on(InferenceEvent event);

  /** Whether to stop at the next opportunity; see the same of {@code FitListener}. */
  default boolean interrupted() {
    return false;
  }
}
