package org.thalweg.app.table;

/** What becomes of rows in which a feature is missing. */
public enum MissingValues {
  /** They are left out. */
  LEFT_OUT,
  /** They are kept where some feature is there: who takes them knows what to do. */
  KEPT
}
