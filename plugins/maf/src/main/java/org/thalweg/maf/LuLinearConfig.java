package org.thalweg.maf;

import org.thalweg.api.config.Option;

/** The options of {@link LuLinearProvider}. */
public record LuLinearConfig(
    @Option("how columns are reordered before the matrix is applied") Order order) {
  /** Drawn from the seed. */
  public static final LuLinearConfig DEFAULT = new LuLinearConfig(Order.RANDOM);
}
