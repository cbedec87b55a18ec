package org.thalweg.sbi;

import java.util.Optional;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.ResidualNet;

/**
 * Learns the ratio of likelihood to evidence by telling parameters apart (Durkan, Murray and
 * Papamakarios, 2020, section 2.1; Hermans, Begy and Louppe, 2020).
 */
record RatioRecipe(String name, RatioConfig config, Rounds rounds) implements Recipe {
  @Override
  public Common common() {
    return config.common();
  }

  @Override
  public Net declare(BuildContext context, PointFeatures features) {
    NetSize size = new NetSize(config.hidden(), config.blocks(), 0);
    Head head = Head.usual(config.hidden());
    int observation = context.contextSize();
    Optional<ResidualNet> embedding =
        config.embedding() == 0
            ? Optional.empty()
            : Optional.of(
                new ResidualNet(
                    context.scope().child("embedding"),
                    observation,
                    0,
                    size,
                    config.embedding(),
                    head));
    int inputs = context.eventSize() + embedding.map(e -> config.embedding()).orElse(observation);
    var net = new ResidualNet(context.scope().child("ratio"), inputs, 0, size, 1, head);
    return new Net.OfFeatures(features, new Net.OfRatio(net, embedding));
  }

  @Override
  public RowObjective objective(
      Engine engine, Net net, Table train, Table validation, Seed seed, int round) {
    boolean pairs = config.loss() == RatioConfig.Loss.PAIR;
    return new ContrastiveObjective(
        engine,
        net,
        train,
        validation,
        seed,
        pairs ? 2 : config.atoms(),
        ContrastiveObjective.Score.RATIO,
        pairs ? ContrastiveObjective.Classes.PAIR : ContrastiveObjective.Classes.SET,
        0);
  }

  /**
   * Ratio times prior is a density where the ratio itself is learnt, from draws of the prior;
   * otherwise it lacks a factor.
   */
  @Override
  public LogDensity.Relation relation(int rounds) {
    return config.loss() == RatioConfig.Loss.PAIR && rounds == 1
        ? LogDensity.Relation.EXACT
        : LogDensity.Relation.UNNORMALISED;
  }
}
