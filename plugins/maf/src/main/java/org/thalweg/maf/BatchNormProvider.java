package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link BatchNorm}. */
final class BatchNormProvider implements TransformProvider<BatchNormProvider.Config> {
  /** No options. */
  public record Config() {}

  @Override
  public String name() {
    return "batch-norm";
  }

  @Override
  public String summary() {
    return "batch normalisation of every column; training takes whole batches";
  }

  @Override
  public String paper() {
    return "Papamakarios, Pavlakou, Murray: Masked Autoregressive Flow, 2017, appendix B";
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public TrainableTransform create(Config config, BuildContext context) {
    return new BatchNorm(context.scope(), Vectors.dimension(context));
  }
}
