package org.thalweg.sbi;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.random.Seed;

/** What makes one method different from the others. */
interface Recipe {
  /** Whether a method refines its proposal. */
  enum Rounds {
    /** One round; the posterior is amortised. */
    ONE,
    /** As many as are asked for. */
    MANY
  }

  /** The method's name. */
  String name();

  /** The method's options, as they were given. */
  Record config();

  /** The options that all methods have. */
  Common common();

  /** How many rounds it takes. */
  Rounds rounds();

  /**
   * Declares what is learnt.
   *
   * @param context events are points z, contexts are observations
   * @param features what the net of a likelihood or a ratio sees of points
   */
  Net declare(BuildContext context, PointFeatures features);

  /** What is made small in a round, counted from 1. */
  RowObjective objective(
      Engine engine, Net net, Table train, Table validation, Seed seed, int round);

  /**
   * Parameters for the next round's simulations.
   *
   * @param learnt what the rounds so far taught
   * @param observation {@code [each, X]}
   * @param judgement takes what is seen on the way
   */
  default Matrix propose(Learnt learnt, Matrix observation, int n, Seed seed, Judgement judgement) {
    PosteriorSampler.Drawn drawn =
        new PosteriorSampler(learnt, common().sampling())
            .draw(n, observation, observation.rows(), seed);
    judgement.add(drawn.judgement().result());
    return drawn.parameters();
  }

  /** How the posterior's log-density relates to the truth after so many rounds. */
  LogDensity.Relation relation(int rounds);
}
