package org.thalweg.api.estimator;

import java.util.Set;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Role;
import org.thalweg.api.plugin.Provider;

/** Registers an estimator. */
public interface EstimatorProvider<C extends Record> extends Provider<C> {
  /** What its models can do. */
  Set<Capability> capabilities();

  /** Whether it models features given context columns. */
  boolean conditional();

  /**
   * The roles of columns that it makes use of. A table with a column in another role is refused, so
   * that no column seems to be used that is not.
   */
  default Set<Role> roles() {
    return conditional() ? Set.of(Role.FEATURE, Role.CONTEXT) : Set.of(Role.FEATURE);
  }

  /** The fewest features that it can model; a table with fewer is refused with exit code 2. */
  default int fewestFeatures() {
    return 1;
  }

  /**
   * Whether it takes rows in which some, but not all, features are missing (NaN). Such rows are
   * left out before a fit otherwise.
   */
  default boolean missing() {
    return false;
  }

  /**
   * The table as these options take it: the same rows, whose columns may be declared otherwise,
   * such as pixels. What was declared once is not changed by doing it again.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 2, where the table does not suit them
   */
  default Dataset declare(C config, Dataset data) {
    return data;
  }

  /** The estimator with these options; it takes a table that was declared or not. */
  Estimator create(C config, EstimatorContext context);

  /**
   * Rebuilds a model from what {@link Model#save} wrote.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 3, where the state does not fit
   */
  Model load(ModelReader reader, EstimatorContext context);
}
