package org.thalweg.tck;

/** What a provider may get wrong, and a contract must notice. */
enum Mistake {
  /** Nothing is wrong. */
  NONE,
  /** The log-derivative has the wrong sign. */
  SIGN,
  /** The inverse is off by a little. */
  INVERSE,
  /** The map decreases. */
  DECREASING,
  /** An exponential overflows far away. */
  OVERFLOW,
  /** A parameter has no influence. */
  DEAD_PARAMETER,
  /** A row looks at its neighbours. */
  NEIGHBOURS,
  /** The parameters called those of the identity are not. */
  IDENTITY,
  /** The log-density is 0.01 too high. */
  NOT_NORMALISED,
  /** Samples are a fifth too wide. */
  WIDE_SAMPLES,
  /** The seed is ignored. */
  UNSEEDED,
  /** The context is ignored. */
  IGNORED_CONTEXT,
  /** A capability is declared that is not there. */
  CAPABILITY
}
