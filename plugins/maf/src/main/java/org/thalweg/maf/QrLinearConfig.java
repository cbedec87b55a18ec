package org.thalweg.maf;

import org.thalweg.api.config.Option;

/** The options of {@link QrLinearProvider}. */
public record QrLinearConfig(
    @Option(
            value = "Householder reflections; as many as there are columns make any rotation",
            min = 1,
            max = 1000)
        int reflections) {
  /** Enough to mix a table's columns. */
  public static final QrLinearConfig DEFAULT = new QrLinearConfig(10);
}
