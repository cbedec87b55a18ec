package org.thalweg.maf;

import org.thalweg.api.config.Option;

/** The options of {@link PermutationProvider}. */
public record PermutationConfig(@Option("how columns are reordered") Order order) {
  /** Drawn from the seed. */
  public static final PermutationConfig DEFAULT = new PermutationConfig(Order.RANDOM);
}
