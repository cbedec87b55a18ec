package org.thalweg.deconvolution;

import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;

/** Declares parameters that are stored with the model and never trained: the noise is known. */
record Frozen(ParameterScope scope) implements ParameterScope {
  @Override
  public ParameterScope child(String name) {
    return new Frozen(scope.child(name));
  }

  @Override
  public Parameter parameter(String name, Shape shape, Initializer initializer) {
    return scope.buffer(name, shape, initializer);
  }

  @Override
  public Parameter buffer(String name, Shape shape, Initializer initializer) {
    return scope.buffer(name, shape, initializer);
  }

  @Override
  public Parameter statistic(String name, Shape shape, Initializer initializer) {
    return scope.buffer(name, shape, initializer);
  }
}
