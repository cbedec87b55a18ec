package org.thalweg.api.estimator;

/** Watches a fit and may stop it. Called on the thread that fits. */
@FunctionalInterface
public interface FitListener {
  /** Something happened. */
  void on(FitEvent event);

  /**
   * Whether to stop at the next step: the fit then writes a checkpoint and throws {@link
   * org.thalweg.api.error.ThalwegException} with exit code 130. Asked before each step.
   */
  default boolean interrupted() {
    return false;
  }

  /** Hears nothing. */
  FitListener SILENT = event -> {};
}
