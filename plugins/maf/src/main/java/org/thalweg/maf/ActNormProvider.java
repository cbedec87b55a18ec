package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link ActNorm}. */
final class ActNormProvider implements TransformProvider<ActNormProvider.Config> {
  /** No options. */
  public record Config() {}

  @Override
  public String name() {
    return "actnorm";
  }

  @Override
  public String summary() {
    return "scale and shift of every column, set from a first batch";
  }

  @Override
  public String paper() {
    return "Kingma, Dhariwal: Glow, 2018, section 3.1";
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public TrainableTransform create(Config config, BuildContext context) {
    return new ActNorm(context.scope(), Vectors.dimension(context));
  }
}
