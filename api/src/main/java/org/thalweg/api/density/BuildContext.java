package org.thalweg.api.density;

import ai.djl.ndarray.types.Shape;
import org.thalweg.api.plugin.Registry;

/**
 * What a density or a transform is built from besides its options.
 *
 * @param eventShape the shape of one event, such as {@code (D)}
 * @param contextShape the shape of one context, {@code (0)} where there is none
 * @param scope where parameters are declared
 * @param registry where other parts are asked for by name
 */
public record BuildContext(
    Shape eventShape, Shape contextShape, ParameterScope scope, Registry registry) {
  /** The same with a child scope. */
  public BuildContext child(String name) {
    return new BuildContext(eventShape, contextShape, scope.child(name), registry);
  }

  /** The same for events of another shape. */
  public BuildContext withEvent(Shape shape) {
    return new BuildContext(shape, contextShape, scope, registry);
  }

  /** The same for contexts of another shape. */
  public BuildContext withContext(Shape shape) {
    return new BuildContext(eventShape, shape, scope, registry);
  }

  /** The number of numbers in one event. */
  public int eventSize() {
    return Math.toIntExact(eventShape.size());
  }

  /** The number of numbers in one context, 0 where there is none. */
  public int contextSize() {
    return Math.toIntExact(contextShape.size());
  }
}
