package org.thalweg.toolkit.flow;

import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Inverted;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;

/**
 * The other direction of a transform.
 *
 * @param transform what is inverted
 */
public record InvertedTransform(TrainableTransform transform) implements TrainableTransform {
  @Override
  public ConditionalTransform bind(Binding binding) {
    ConditionalTransform bound = transform.bind(binding);
    return context -> new Inverted(bound.given(context));
  }

  @Override
  public Support domain() {
    return transform.codomain();
  }

  @Override
  public Support codomain() {
    return transform.domain();
  }
}
