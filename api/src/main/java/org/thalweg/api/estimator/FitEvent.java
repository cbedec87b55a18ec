package org.thalweg.api.estimator;

/** What happens during a fit. */
public sealed interface FitEvent {
  /**
   * It begins.
   *
   * @param trainRows rows to fit on
   * @param validationRows rows to validate on
   * @param parameters the number of trainable numbers, 0 where the estimator has none
   * @param totalSteps the most steps there can be, 0 where that is not known
   */
  record Started(int trainRows, int validationRows, long parameters, long totalSteps)
      implements FitEvent {}

  /**
   * A step was taken.
   *
   * @param step steps so far
   * @param epoch passes over the training rows so far, counted from 0
   * @param loss the loss of the step's batch, in nats per row
   */
  record Stepped(long step, int epoch, double loss) implements FitEvent {}

  /**
   * The validation rows were scored.
   *
   * @param step steps so far
   * @param epoch passes so far
   * @param trainLogDensity the mean log-density of the batches since the last validation, in nats
   * @param validationLogDensity the mean log-density of the validation rows, in nats
   * @param best whether it is the best so far
   */
  record Validated(
      long step, int epoch, double trainLogDensity, double validationLogDensity, boolean best)
      implements FitEvent {}

  /**
   * A step gave numbers that are not finite, and was undone.
   *
   * @param step the step
   * @param action what was done about it
   */
  record RolledBack(long step, String action) implements FitEvent {}

  /**
   * Something that the user should know.
   *
   * @param message a sentence
   */
  record Warned(String message) implements FitEvent {}

  /**
   * It is over. After {@link Stop#DIVERGED} the model that is returned is the last good one.
   *
   * @param steps steps taken
   * @param stop why it stopped
   * @param reason the same in a sentence
   */
  record Finished(long steps, Stop stop, String reason) implements FitEvent {}

  /** Why a fit stops. */
  enum Stop {
    /** All steps were taken, or the algorithm converged. */
    COMPLETED,
    /** The validation rows' log-density no longer rose. */
    EARLY,
    /** The time limit was reached. */
    TIME_LIMIT,
    /** Numbers stopped being finite and did not recover. */
    DIVERGED
  }
}
