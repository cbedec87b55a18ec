package org.thalweg.splines;

import org.thalweg.api.data.Kind;

/** What a spline does at the ends of its interval [-b, b], and beyond them. */
public enum Ends {
  /** The identity beyond; the slope at the ends is 1 where the family can choose it. */
  LINEAR_TAILS,
  /**
   * A map of the interval onto itself, with free slopes at its ends. No value lies beyond; the map
   * is continued by the identity all the same, so that no number escapes.
   */
  BOUNDED,
  /**
   * A map of the circle onto itself that leaves the angle pi where it is: the interval is [-pi,
   * pi], and one free slope belongs to both of its ends (Rezende and others, 2020, "Normalizing
   * flows on tori and spheres", section 2.1).
   */
  CIRCULAR;

  /** The bound b of the interval: as configured, except that a circle has its own. */
  double bound(double configured) {
    return this == CIRCULAR ? Math.PI : configured;
  }

  /** The set that is mapped onto itself. */
  Kind domain(double configured) {
    return switch (this) {
      case LINEAR_TAILS -> Kind.REAL;
      case BOUNDED -> new Kind.Bounded(-configured, configured);
      case CIRCULAR -> new Kind.Angle();
    };
  }

  /** How many of the K + 1 knots have a slope of their own. */
  int slopes(int bins) {
    return switch (this) {
      case LINEAR_TAILS -> bins - 1;
      case BOUNDED -> bins + 1;
      case CIRCULAR -> bins;
    };
  }

  /** Which of the {@link #slopes} belongs to a knot, -1 where it is fixed at 1. */
  int slopeOf(int knot, int bins) {
    return switch (this) {
      case LINEAR_TAILS -> knot == bins ? -1 : knot - 1;
      case BOUNDED -> knot;
      case CIRCULAR -> knot % bins;
    };
  }
}
