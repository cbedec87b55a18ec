package org.thalweg.vi;

/** Whether the units that an approximation is trained in keep to the axes. */
public enum Axes {
  /** Each real has a unit of its own. */
  KEPT,
  /** Units are sheared by the covariances that the first walks met. */
  SHEARED
}
