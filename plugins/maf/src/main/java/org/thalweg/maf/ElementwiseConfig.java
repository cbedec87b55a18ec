package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.toolkit.nn.NetSize;

/** The options of {@link ElementwiseProvider}; the net is used where there is a context. */
public record ElementwiseConfig(
    @Option(value = "units of each hidden layer of the context's net", min = 1, max = 65536)
        int hidden,
    @Option(value = "residual blocks of two layers", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option("what each column is transformed by") Choice univariate) {

  /** Affine maps. */
  public static final ElementwiseConfig DEFAULT =
      new ElementwiseConfig(64, 2, 0, Choice.of("affine"));

  NetSize size() {
    return new NetSize(hidden, blocks, dropout);
  }
}
