package org.thalweg.api.inference;

import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.random.Seed;

/** What is believed about the parameters. All draws lie in the support. */
public interface Posterior extends AutoCloseable {
  /** The problem that it answers. */
  Problem problem();

  /** Draws {@code [n, P]} in the user's units. */
  Matrix sample(int n, Seed seed);

  /** How {@link #logDensity} relates to the truth; empty where there is none. */
  Optional<LogDensity.Relation> logDensityRelation();

  /**
   * The log-density of {@code [N, P]} in the user's units; minus infinity outside the support.
   *
   * @throws org.thalweg.api.error.ThalwegException where there is none
   */
  double[] logDensity(Matrix parameters);

  /** Whether to trust it. */
  Diagnostics diagnostics();

  /** Pictures that go with {@link #diagnostics}, in the order of a report. */
  default List<Graph> graphs() {
    return List.of();
  }

  /** The simulations it was learnt from; empty where there are none, or it was read from a file. */
  default Optional<SimulationTable> simulations() {
    return Optional.empty();
  }

  /** Writes what {@link InferenceProvider#load} needs. */
  void save(ModelWriter writer);

  @Override
  void close();
}
