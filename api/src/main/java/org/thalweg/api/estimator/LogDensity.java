package org.thalweg.api.estimator;

import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.Names;
import org.thalweg.api.random.Seed;

/** A model that scores rows, under one or several named densities. */
public interface LogDensity {
  /** How a number relates to the logarithm of the model's density. */
  enum Relation {
    /** It is the log-density. */
    EXACT,
    /** It is a lower bound, or an estimate whose mean is one. */
    LOWER,
    /** It is an estimate that tends to lie above. */
    OPTIMISTIC,
    /** It lacks an unknown constant. */
    UNNORMALISED
  }

  /** What the density is with respect to. */
  enum Measure {
    /** Lebesgue measure on the features. */
    AMBIENT,
    /** The volume of a manifold inside the feature space. */
    MANIFOLD,
    /** Counting measure: a probability. */
    MASS
  }

  /**
   * A density that the model offers.
   *
   * @param name its name, such as {@code latent}
   * @param relation how its numbers relate to the truth
   * @param measure what it is with respect to
   * @param stochastic whether two calls with different seeds differ
   */
  record Named(String name, Relation relation, Measure measure, boolean stochastic) {
    /** An exact, deterministic density on the features. */
    public static Named exact(String name) {
      return new Named(name, Relation.EXACT, Measure.AMBIENT, false);
    }
  }

  /**
   * The scores of rows.
   *
   * @param values one a row, in nats, in the user's units; NaN where the density says nothing of a
   *     row, such as one with missing features
   * @param standardErrors one a row where the density is stochastic
   */
  record Scores(double[] values, Optional<double[]> standardErrors) {}

  /** The densities on offer; the first is the default. */
  List<Named> densities();

  /**
   * Scores rows.
   *
   * @param density one of {@link #densities}
   * @param rows finite rows in the user's units
   * @param seed the origin of the randomness of a stochastic density
   */
  Scores logDensity(Named density, Rows rows, Seed seed);

  /** The density of a name; refuses an unknown one with the names there are. */
  default Named density(String name) {
    return densities().stream()
        .filter(density -> density.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Names.unknown("density", name, densities().stream().map(Named::name).toList()));
  }
}
