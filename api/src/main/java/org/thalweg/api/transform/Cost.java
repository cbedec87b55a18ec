package org.thalweg.api.transform;

/** What a direction of a map costs, relative to one pass through its network. */
public enum Cost {
  /** One pass. */
  ONE_PASS,
  /** As many dependent steps as the event has dimensions. */
  SEQUENTIAL,
  /** An iterative solve, to a stated tolerance. */
  NUMERICAL,
  /** It does not exist. */
  NONE;

  /** The cost of doing both. */
  public Cost and(Cost other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
