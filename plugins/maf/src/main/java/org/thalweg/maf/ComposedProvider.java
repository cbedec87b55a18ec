package org.thalweg.maf;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.FlowDensity;

/** Registers the flow of any registered transforms, in the order of a list. */
final class ComposedProvider implements DensityProvider<ComposedConfig> {
  @Override
  public String name() {
    return "flow";
  }

  @Override
  public String summary() {
    return "any transforms in a row, from a list of their names";
  }

  @Override
  public String paper() {
    return "Rezende, Mohamed: Variational Inference with Normalizing Flows, 2015";
  }

  @Override
  public ComposedConfig defaults() {
    return ComposedConfig.DEFAULT;
  }

  @Override
  public boolean flow() {
    return true;
  }

  @Override
  public TrainableDensity create(ComposedConfig config, BuildContext context) {
    List<TrainableTransform> transforms = new ArrayList<>();
    for (int round = 0; round < config.repeat(); round++) {
      BuildContext own = context.child("round" + round);
      for (int i = 0; i < config.transforms().size(); i++) {
        Choice choice = config.transforms().get(i);
        transforms.add(Parts.transform(choice, own.child(i + "-" + choice.name())));
      }
    }
    TrainableDensity base = Parts.density(config.base(), context.child("base"));
    return new FlowDensity(context, Bases.reached(transforms, base, context), base);
  }
}
