package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link Permutation}. */
public final class PermutationProvider implements TransformProvider<PermutationConfig> {
  @Override
  public String name() {
    return "permutation";
  }

  @Override
  public String summary() {
    return "fixed reordering of the columns";
  }

  @Override
  public PermutationConfig defaults() {
    return PermutationConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(PermutationConfig config, BuildContext context) {
    return new Permutation(context.scope(), Vectors.dimension(context), config.order());
  }
}
