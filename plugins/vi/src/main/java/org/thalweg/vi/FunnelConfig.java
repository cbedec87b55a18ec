package org.thalweg.vi;

import org.thalweg.api.config.Option;

/** The options of a funnel. */
public record FunnelConfig(
    @Option("which numbers scale the others: those declared first, or last") Roots roots) {
  /** Where a hierarchy begins. */
  public enum Roots {
    /** With the first number. */
    FIRST,
    /** With the last one. */
    LAST
  }
}
