package org.thalweg.sbi.run;

/** What became of a simulation. */
public enum Outcome {
  /** It was not run yet. */
  PENDING("not run"),
  /** It gave an observation. */
  USED("used"),
  /** It threw an exception. */
  EXCEPTION("threw an exception"),
  /** It gave a number that is not finite. */
  NOT_FINITE("gave NaN or infinity"),
  /** It gave another number of values than the observation has. */
  LENGTH("gave another number of values"),
  /** It did not come back in time. */
  TIMEOUT("did not come back in time");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  /** As it reads in a sentence about simulations. */
  public String label() {
    return label;
  }

  /** Whether it was run and is left out. */
  public boolean failed() {
    return this != PENDING && this != USED;
  }
}
