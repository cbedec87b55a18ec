package org.thalweg.toolkit.model;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;

/**
 * What a file held.
 *
 * @param card what it is
 * @param values the values, by key
 * @param tensors the arrays, by name
 */
record StoredState(ModelCard card, Map<String, Object> values, SortedMap<String, Tensor> tensors)
    implements ModelReader {
  @Override
  public Set<String> tensorNames() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw ThalwegException.data("The file of '%s' lacks the array '%s'.", card.estimator(), name);
    }
    return tensor;
  }
}
