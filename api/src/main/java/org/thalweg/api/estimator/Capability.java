package org.thalweg.api.estimator;

import java.util.Locale;

/** What a model may be able to do; each has its own small interface. */
public enum Capability {
  /** {@link LogDensity}. */
  LOG_DENSITY(LogDensity.class),
  /** {@link Sampler}. */
  SAMPLER(Sampler.class),
  /** {@link Encoder}. */
  ENCODER(Encoder.class),
  /** {@link Decoder}. */
  DECODER(Decoder.class),
  /** {@link Assignment}. */
  ASSIGNMENT(Assignment.class),
  /** {@link LatentPosterior}. */
  LATENT_POSTERIOR(LatentPosterior.class),
  /** {@link Score}. */
  SCORE(Score.class),
  /** {@link ToNoise}. */
  TO_NOISE(ToNoise.class),
  /** {@link Projection}. */
  PROJECTION(Projection.class);

  private final Class<?> type;

  Capability(Class<?> type) {
    this.type = type;
  }

  /** The interface. */
  public Class<?> type() {
    return type;
  }

  /** The name that users see: lower-case with hyphens. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
