package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.toolkit.nn.NetSize;

/** Registers {@link Made}. */
final class MadeProvider implements DensityProvider<MadeConfig> {
  @Override
  public String name() {
    return "made";
  }

  @Override
  public String summary() {
    return "masked net whose conditionals are mixtures of Gaussians";
  }

  @Override
  public String paper() {
    return "Germain, Gregor, Murray, Larochelle: MADE, 2015; Papamakarios, Pavlakou, Murray: Masked"
        + " Autoregressive Flow, 2017, section 3.1";
  }

  @Override
  public MadeConfig defaults() {
    return MadeConfig.DEFAULT;
  }

  @Override
  public TrainableDensity create(MadeConfig config, BuildContext context) {
    NetSize size = new NetSize(config.hidden(), config.blocks(), config.dropout());
    return new Made(context, size, config.components());
  }
}
