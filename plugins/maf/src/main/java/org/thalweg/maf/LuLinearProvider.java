package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link LuLinear}. */
public final class LuLinearProvider implements TransformProvider<LuLinearConfig> {
  @Override
  public String name() {
    return "lu-linear";
  }

  @Override
  public String summary() {
    return "invertible matrix in its LU decomposition, with a permutation and a shift";
  }

  @Override
  public String paper() {
    return "Kingma, Dhariwal: Glow, 2018, section 3.2; Durkan et al.: Neural Spline Flows, 2019";
  }

  @Override
  public LuLinearConfig defaults() {
    return LuLinearConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(LuLinearConfig config, BuildContext context) {
    return new LuLinear(context.scope(), Vectors.dimension(context), config.order());
  }
}
