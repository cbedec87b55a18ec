package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.nn.NetSize;

/** Registers {@link Autoregressive}. */
public final class AutoregressiveProvider implements TransformProvider<AutoregressiveConfig> {
  @Override
  public String name() {
    return "autoregressive";
  }

  @Override
  public String summary() {
    return "each column transformed given those before it; one pass forward, sequential inverse";
  }

  @Override
  public String paper() {
    return "Papamakarios, Pavlakou, Murray: Masked Autoregressive Flow, 2017; net: Durkan, Nash:"
        + " Autoregressive Energy Machines, 2019, section 3.4";
  }

  @Override
  public AutoregressiveConfig defaults() {
    return AutoregressiveConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(AutoregressiveConfig config, BuildContext context) {
    NetSize size = new NetSize(config.hidden(), config.blocks(), config.dropout());
    Univariate univariate = Families.overTheLine(context.registry(), config.univariate());
    return config.fast().direct(new Autoregressive(context, size, univariate));
  }
}
