package org.thalweg.maf;

/** How columns are reordered. */
public enum Order {
  /** A random order, drawn once from the seed and stored with the model. */
  RANDOM,
  /** The last first. */
  REVERSE,
  /** As they are. */
  NONE
}
