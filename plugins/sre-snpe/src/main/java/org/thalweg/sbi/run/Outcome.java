package org.thalweg.sbi.run;

/** What became of a simulation. */
public enum Outcome {
  /** It was not run yet. */
  PENDING("pending", "not run"),
  /** It gave an observation. */
  USED("ok", "used"),
  /** It threw an exception. */
  EXCEPTION("exception", "threw an exception"),
  /** It gave a number that is not finite. */
  NOT_FINITE("nan", "gave NaN or infinity"),
  /** It gave another number of values than the observation has. */
  LENGTH("length", "gave another number of values"),
  /** It did not come back in time. */
  TIMEOUT("timeout", "did not come back in time");

  private final String id;
  private final String label;

  Outcome(String id, String label) {
    this.id = id;
    this.label = label;
  }

  /** As it stands in a table of simulations. */
  public String id() {
    return id;
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
