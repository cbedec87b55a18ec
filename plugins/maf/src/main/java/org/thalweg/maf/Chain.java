package org.thalweg.maf;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.Composed;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.TrainableTransform;

/**
 * Transforms one after another; the first is next to the data.
 *
 * @param parts at least one, all of one event shape
 */
record Chain(List<TrainableTransform> parts) implements TrainableTransform {
  @Override
  public ConditionalTransform bind(Binding binding) {
    List<ConditionalTransform> bound = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      bound.add(parts.get(i).bind(binding.child("part" + i)));
    }
    return context ->
        new Composed(bound.stream().map(transform -> transform.given(context)).toList());
  }
}
