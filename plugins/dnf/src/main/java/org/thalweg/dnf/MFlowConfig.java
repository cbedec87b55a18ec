package org.thalweg.dnf;

import org.thalweg.api.config.Option;
import org.thalweg.toolkit.train.Training;

/** The options of the manifold flow. */
public record MFlowConfig(
    Training training,
    ManifoldConfig manifold,
    @Option("how the manifold and the density on it are trained") Order order,
    @Option(
            value = "the share of the steps that train the manifold, where it is trained first",
            min = 0.05,
            max = 0.95)
        double manifoldShare) {

  /** How the two phases follow each other. */
  public enum Order {
    /** The manifold first, then the density. */
    SEQUENTIAL,
    /** In turn, an epoch each. */
    ALTERNATING
  }

  static final MFlowConfig DEFAULT =
      new MFlowConfig(
          DnfConfig.DEFAULT.training(), DnfConfig.DefaultFlows.MANIFOLD, Order.SEQUENTIAL, 0.5);
}
