package org.thalweg.maf;

import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Registers {@link Affine}. */
public final class AffineProvider implements UnivariateProvider<AffineConfig> {
  @Override
  public String name() {
    return "affine";
  }

  @Override
  public String summary() {
    return "scale and shift, with a bounded scale";
  }

  @Override
  public String paper() {
    return "Papamakarios, Pavlakou, Murray: Masked Autoregressive Flow, 2017, section 3.1";
  }

  @Override
  public AffineConfig defaults() {
    return AffineConfig.DEFAULT;
  }

  @Override
  public Univariate create(AffineConfig config) {
    return new Affine(config);
  }
}
