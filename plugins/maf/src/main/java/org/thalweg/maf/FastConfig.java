package org.thalweg.maf;

import org.thalweg.api.config.Option;

/** The option of a transform that has one direction in closed form, or one that is cheaper. */
public record FastConfig(@Option("which direction takes one pass") Fast fast) {
  /** As variational inference needs it. */
  public static final FastConfig DEFAULT = new FastConfig(Fast.SAMPLING);
}
