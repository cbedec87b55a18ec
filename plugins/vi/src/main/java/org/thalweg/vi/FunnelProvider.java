package org.thalweg.vi;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link Funnel}. */
final class FunnelProvider implements TransformProvider<FunnelConfig> {
  @Override
  public String name() {
    return "funnel";
  }

  @Override
  public String summary() {
    return "each number partially pooled by those before it in a hierarchy; samples in one pass";
  }

  @Override
  public String paper() {
    return "Gorinova, Moore, Hoffman: Automatic Reparameterisation of Probabilistic Programs, 2020";
  }

  @Override
  public FunnelConfig defaults() {
    return new FunnelConfig(FunnelConfig.Roots.LAST);
  }

  @Override
  public TrainableTransform create(FunnelConfig config, BuildContext context) {
    return new Funnel(context.scope(), context.eventSize(), config.roots());
  }
}
