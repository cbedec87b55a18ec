package org.thalweg.diffusion;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.config.Option;
import org.thalweg.toolkit.ode.OdeTolerance;

/** How log-densities are computed. */
public record ScoringConfig(
    @Option(value = "relative and absolute tolerance of the solver", min = 1e-13, max = 0.1)
        double tolerance,
    @Option(value = "the most evaluations of the net for one row", min = 8, max = 1e8)
        int evaluations,
    @Option("how the divergence of the probability flow is computed") Trace trace,
    @Option(value = "random directions of a row, where the trace is estimated", min = 2, max = 4096)
        int probes,
    @Option(
            value = "evaluations of the net at random times for each row, for the bounds",
            min = 4,
            max = 1e6)
        int times,
    @Option(value = "rows of each part that are judged after training, at most", min = 1, max = 1e9)
        int judged) {

  /** How the divergence of the probability flow is computed. */
  public enum Trace {
    /** Exactly for up to 16 columns, else with random signs. */
    AUTO,
    /** Exactly: one pass through the net for each column. */
    EXACT,
    /** Estimated with random signs. */
    RADEMACHER,
    /** Estimated with normal numbers. */
    GAUSSIAN
  }

  static final ScoringConfig DEFAULT = new ScoringConfig(1e-5, 10_000, Trace.AUTO, 2, 100, 1000);

  /** Whether the divergence of rows of so many columns is exact. */
  boolean exact(int dimension) {
    return trace == Trace.EXACT || trace == Trace.AUTO && dimension <= DiffusionConfig.MOST_AXES;
  }

  /** The law of random directions. */
  Directions.Law law() {
    return trace == Trace.GAUSSIAN ? Directions.Law.GAUSSIAN : Directions.Law.RADEMACHER;
  }

  /** The solver's tolerance, which a net in that type can meet. */
  OdeTolerance solver(DataType type) {
    return OdeTolerance.of(tolerance, evaluations).in(type);
  }
}
