package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity.Measure;
import org.thalweg.api.estimator.LogDensity.Named;
import org.thalweg.api.estimator.LogDensity.Relation;
import org.thalweg.api.random.Seed;
import org.thalweg.diffusion.LikelihoodBound.Form;

/** The densities that a trained diffusion has. */
enum DensityKind {
  /** Of the probability flow. */
  ODE("ode") {
    @Override
    Scorer.Values score(Scorer scorer, Rows rows, Seed seed) {
      return scorer.flow(rows, seed);
    }
  },
  /** A bound on that of the reverse stochastic equation, by denoising. */
  SDE_BOUND("sde-bound") {
    @Override
    Scorer.Values score(Scorer scorer, Rows rows, Seed seed) {
      return scorer.bounds(bound(scorer, Form.DENOISING), rows, seed);
    }
  },
  /** The same bound by the score's divergence. */
  SDE_BOUND_SLICED("sde-bound-sliced") {
    @Override
    Scorer.Values score(Scorer scorer, Rows rows, Seed seed) {
      return scorer.bounds(bound(scorer, Form.SLICED), rows, seed);
    }
  },
  /** A bound on the probability of a rounded row under the probability flow. */
  ODE_MASS("ode-mass") {
    @Override
    Scorer.Values score(Scorer scorer, Rows rows, Seed seed) {
      return ODE.score(scorer, rows, seed);
    }
  },
  /** The same under the reverse stochastic equation. */
  SDE_BOUND_MASS("sde-bound-mass") {
    @Override
    Scorer.Values score(Scorer scorer, Rows rows, Seed seed) {
      return SDE_BOUND.score(scorer, rows, seed);
    }
  };

  private final String label;

  DensityKind(String label) {
    this.label = label;
  }

  /** The log-densities of rows that are not rounded, or no longer so. */
  abstract Scorer.Values score(Scorer scorer, Rows rows, Seed seed);

  /** Whether it is a probability, of rounded rows. */
  boolean mass() {
    return this == ODE_MASS || this == SDE_BOUND_MASS;
  }

  static DensityKind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow();
  }

  /** What a model of these parts offers. */
  static List<Named> of(Parts parts) {
    boolean rounded = Steps.known(parts.schema());
    return Arrays.stream(values())
        .filter(kind -> rounded || !kind.mass())
        .map(kind -> kind.named(parts))
        .toList();
  }

  private Named named(Parts parts) {
    if (this == ODE) {
      boolean exact = parts.config().scoring().exact(parts.dimension());
      return new Named(label, Relation.EXACT, Measure.AMBIENT, !exact);
    }
    return new Named(label, Relation.LOWER, mass() ? Measure.MASS : Measure.AMBIENT, true);
  }

  private static LikelihoodBound bound(Scorer scorer, Form form) {
    Parts parts = scorer.parts();
    int times = parts.config().scoring().times();
    return new LikelihoodBound(parts.sde(), parts.start(), form, times);
  }
}
