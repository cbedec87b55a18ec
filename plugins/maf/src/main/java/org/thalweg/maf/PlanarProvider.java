package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link Planar}. */
final class PlanarProvider implements TransformProvider<FastConfig> {
  @Override
  public String name() {
    return "planar";
  }

  @Override
  public String summary() {
    return "bends space along one direction; the other way is numerical";
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
    Planar planar = new Planar(context.scope(), Vectors.dimension(context));
    return config.fast().direct(planar);
  }
}
