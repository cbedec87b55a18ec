package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.random.Seed;

/** The mean negative log-density of the pairs: maximum likelihood. */
final class LikelihoodObjective extends RowObjective {
  LikelihoodObjective(Engine engine, Net net, Table train, Table validation, Seed seed) {
    super(engine, net, train, validation, seed);
  }

  @Override
  NDArray loss(Binding binding, Table table, int[] rows, int[] batch, int from) {
    return score(binding, table, rows).mean().neg();
  }
}
