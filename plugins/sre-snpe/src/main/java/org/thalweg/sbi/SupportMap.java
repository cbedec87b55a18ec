package org.thalweg.sbi;

import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Prior;
import org.thalweg.toolkit.infer.RealMap;

/** Between parameters and the real numbers that a net sees. */
interface SupportMap {
  /** Real numbers {@code [N, R]} for parameters {@code [N, P]} inside the support. */
  Matrix toReals(Matrix parameters);

  /** Parameters {@code [N, P]} with log |dparameters / dreals|, for real numbers {@code [N, R]}. */
  RealMap.Points fromReals(Matrix reals);

  /** Which of n real numbers are the logit of a parameter's place between two ends. */
  boolean[] logistic(int n);

  /** The map for a prior's parameters. */
  static SupportMap of(Prior prior, SupportHandling handling) {
    return handling == SupportHandling.MAPPED
        ? new Mapped(new RealMap(prior.parameters()))
        : new Itself();
  }

  /** The parameters' names, one a number. */
  static List<String> names(Prior prior) {
    return prior.parameters().stream().flatMap(block -> block.names().stream()).toList();
  }

  /** By the blocks' supports. */
  record Mapped(RealMap map) implements SupportMap {
    @Override
    public Matrix toReals(Matrix parameters) {
      return map.toReals(parameters).values();
    }

    @Override
    public RealMap.Points fromReals(Matrix reals) {
      return map.fromReals(reals);
    }

    @Override
    public boolean[] logistic(int n) {
      return map.logistic();
    }
  }

  /** Parameters as they are. */
  record Itself() implements SupportMap {
    @Override
    public Matrix toReals(Matrix parameters) {
      return parameters;
    }

    @Override
    public RealMap.Points fromReals(Matrix reals) {
      return new RealMap.Points(reals, new double[reals.rows()]);
    }

    @Override
    public boolean[] logistic(int n) {
      return new boolean[n];
    }
  }
}
