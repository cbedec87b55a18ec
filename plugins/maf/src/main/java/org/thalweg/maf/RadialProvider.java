package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link Radial}. */
final class RadialProvider implements TransformProvider<FastConfig> {
  @Override
  public String name() {
    return "radial";
  }

  @Override
  public String summary() {
    return "stretches space around one point; closed form both ways";
  }

  @Override
  public String paper() {
    return "Rezende, Mohamed: Variational Inference with Normalizing Flows, 2015, section 4.1";
  }

  @Override
  public FastConfig defaults() {
    return FastConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(FastConfig config, BuildContext context) {
    Radial radial = new Radial(context.scope(), Vectors.dimension(context));
    return config.fast().direct(radial);
  }
}
