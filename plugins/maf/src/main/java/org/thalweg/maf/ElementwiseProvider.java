package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link ColumnWise}. */
final class ElementwiseProvider implements TransformProvider<ElementwiseConfig> {
  @Override
  public String name() {
    return "elementwise";
  }

  @Override
  public String summary() {
    return "a univariate map of each column on its own, which may depend on the context";
  }

  @Override
  public String paper() {
    return "Durkan, Bekasov, Murray, Papamakarios: Neural Spline Flows, 2019, section 2";
  }

  @Override
  public ElementwiseConfig defaults() {
    return ElementwiseConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(ElementwiseConfig config, BuildContext context) {
    return new ColumnWise(
        context, config.size(), Families.overTheLine(context.registry(), config.univariate()));
  }
}
