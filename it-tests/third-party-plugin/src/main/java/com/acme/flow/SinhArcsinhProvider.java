package com.acme.flow;

import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Registers {@link SinhArcsinh}. */
final class SinhArcsinhProvider implements UnivariateProvider<SinhArcsinhProvider.Config> {
  /** It has no options. */
  public record Config() {}

  @Override
  public String name() {
    return "sinh-arcsinh";
  }

  @Override
  public String summary() {
    return "Skews an element and sets the weight of its tails.";
  }

  @Override
  public String paper() {
    return "Jones and Pewsey, Sinh-arcsinh distributions, Biometrika 96(4), 2009";
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public Univariate create(Config config) {
    return new SinhArcsinh();
  }
}
