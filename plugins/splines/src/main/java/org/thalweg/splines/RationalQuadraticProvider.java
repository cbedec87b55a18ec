package org.thalweg.splines;

import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Registers {@link RationalQuadratic}. */
public final class RationalQuadraticProvider
    implements UnivariateProvider<RationalQuadraticConfig> {
  @Override
  public String name() {
    return "rational-quadratic";
  }

  @Override
  public String summary() {
    return "monotonic rational-quadratic spline";
  }

  @Override
  public String paper() {
    return "Durkan, Bekasov, Murray, Papamakarios: Neural Spline Flows, 2019, section 3.1";
  }

  @Override
  public RationalQuadraticConfig defaults() {
    return RationalQuadraticConfig.DEFAULT;
  }

  @Override
  public Univariate create(RationalQuadraticConfig config) {
    return new RationalQuadratic(config);
  }
}
