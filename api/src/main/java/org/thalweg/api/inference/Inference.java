package org.thalweg.api.inference;

/** Turns a problem into a posterior, with fixed options. */
@FunctionalInterface
public interface Inference {
  /**
   * Infers.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 2 for a problem of a kind that the
   *     method does not take, 5 where training diverges, 130 where the listener interrupts
   */
  Posterior infer(Problem problem, InferenceOptions options, InferenceListener listener);
}
