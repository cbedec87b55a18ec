package org.thalweg.api.estimator;

import java.util.Map;
import java.util.Set;
import org.thalweg.api.data.Tensor;

/** The state of a model or a checkpoint as it was written; digests were checked. */
public interface ModelReader {
  /** What the model is; its config has the type of the provider's defaults. */
  ModelCard card();

  /** The values, by key. */
  Map<String, Object> values();

  /** The names of the arrays. */
  Set<String> tensorNames();

  /**
   * An array.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 3, where there is none of that name
   */
  Tensor tensor(String name);
}
