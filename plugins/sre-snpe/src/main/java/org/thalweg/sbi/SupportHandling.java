package org.thalweg.sbi;

/** What is done about parameters whose support is not the whole line. */
public enum SupportHandling {
  /** The support is mapped to the reals, with the Jacobian counted: no mass can be outside. */
  MAPPED,
  /**
   * Nets see the parameters themselves, and draws outside the support are thrown away. A
   * posterior's density then leaks; see Durkan, Murray and Papamakarios (2020), section 5.
   */
  REJECTED
}
