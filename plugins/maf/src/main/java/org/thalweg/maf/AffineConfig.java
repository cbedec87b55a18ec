package org.thalweg.maf;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** The options of {@link Affine}. */
public record AffineConfig(
    @Option(value = "the largest absolute value of the logarithm of the scale", min = 0.1, max = 20)
        double maxLogScale) {

  /** Scales from 1/148 to 148. */
  public static final AffineConfig DEFAULT = new AffineConfig(5);

  /** Refuses a bound that is not positive. */
  public AffineConfig {
    if (!(maxLogScale > 0)) {
      throw ThalwegException.usage("max-log-scale must be above 0, got %s.", maxLogScale);
    }
  }
}
