package org.thalweg.maf;

import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Registers {@link Additive}. */
final class AdditiveProvider implements UnivariateProvider<AdditiveProvider.Config> {
  /** No options. */
  public record Config() {}

  @Override
  public String name() {
    return "additive";
  }

  @Override
  public String summary() {
    return "shift alone, which keeps volumes";
  }

  @Override
  public String paper() {
    return "Dinh, Krueger, Bengio: NICE, 2015, section 3.2";
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public Univariate create(Config config) {
    return new Additive();
  }
}
