package org.thalweg.toolkit.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.ModelWriter;

/** Collects what a model or a checkpoint writes. */
final class StateWriter implements ModelWriter {
  final Map<String, Object> values = new LinkedHashMap<>();
  final SortedMap<String, Tensor> tensors = new TreeMap<>();

  @Override
  public void value(String key, Object value) {
    if (values.putIfAbsent(key, value) != null) {
      throw new IllegalStateException("The value '" + key + "' was written twice.");
    }
  }

  @Override
  public void tensor(String name, Tensor tensor) {
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalStateException("The array '" + name + "' was written twice.");
    }
  }
}
