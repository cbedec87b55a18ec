package org.thalweg.sbi;

import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.Parts;

/** Learns q(parameters | x): single-round, atomic, or with truncated proposals. */
sealed interface PosteriorRecipe extends Recipe {
  /** The density by name. */
  Choice density();

  @Override
  default Net declare(BuildContext context, PointFeatures features) {
    return new Net.OfPosterior(Parts.density(density(), context.child("posterior")));
  }

  @Override
  default LogDensity.Relation relation(int rounds) {
    return LogDensity.Relation.EXACT;
  }

  @Override
  default RowObjective objective(
      Engine engine, Net net, Table train, Table validation, Seed seed, int round) {
    return new LikelihoodObjective(engine, net, train, validation, seed);
  }

  /** One round, every observation. */
  record Amortised(String name, DensityConfig config) implements PosteriorRecipe {
    @Override
    public Common common() {
      return config.common();
    }

    @Override
    public Choice density() {
      return config.density();
    }

    @Override
    public Rounds rounds() {
      return Rounds.ONE;
    }
  }

  /**
   * SNPE-C with atomic proposals (Greenberg, Nonnenmacher and Macke, 2019, section 3.2): the first
   * round, whose proposal is the prior, by maximum likelihood.
   */
  record Atomic(String name, AtomicConfig config) implements PosteriorRecipe {
    @Override
    public Common common() {
      return config.common();
    }

    @Override
    public Choice density() {
      return config.density();
    }

    @Override
    public Rounds rounds() {
      return Rounds.MANY;
    }

    @Override
    public RowObjective objective(
        Engine engine, Net net, Table train, Table validation, Seed seed, int round) {
      if (round == 1) {
        return new LikelihoodObjective(engine, net, train, validation, seed);
      }
      return new ContrastiveObjective(
          engine,
          net,
          train,
          validation,
          seed,
          config.atoms(),
          ContrastiveObjective.Score.POSTERIOR_OVER_PRIOR,
          ContrastiveObjective.Classes.SET,
          config.keepLikelihood() ? 1 : 0);
    }
  }

  /**
   * TSNPE: the prior, truncated to where the posterior has its mass, is the proposal, so that
   * maximum likelihood stays right in every round (Deistler, Goncalves and Macke, 2022).
   */
  record Truncated(String name, TruncatedConfig config) implements PosteriorRecipe {
    @Override
    public Common common() {
      return config.common();
    }

    @Override
    public Choice density() {
      return config.density();
    }

    @Override
    public Rounds rounds() {
      return Rounds.MANY;
    }

    @Override
    public Matrix propose(
        Learnt learnt, Matrix observation, int n, Seed seed, Judgement judgement) {
      return new Truncation(learnt, observation, config.epsilon())
          .draw(n, common().sampling(), seed, judgement);
    }
  }
}
