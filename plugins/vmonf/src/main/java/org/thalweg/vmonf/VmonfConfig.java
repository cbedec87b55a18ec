package org.thalweg.vmonf;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.train.Training;

/** The options of the variational mixture of flows. */
public record VmonfConfig(
    Training training,
    @Option("components, K; at least 2") int components,
    @Option("what each component is: a registered density") Choice flow,
    @Option("the weights of the components: uniform, learned, or K numbers such as 0.5,0.3,0.2")
        String weights,
    @Option(
            value = "units of each hidden layer of the net that assigns rows to components",
            min = 1,
            max = 65536)
        int hidden,
    @Option(value = "residual blocks of that net", min = 0, max = 64) int blocks,
    @Option(
            value = "probability that a unit of that net is dropped in training",
            min = 0,
            max = 0.95)
        double dropout,
    @Option("the scale of the columns: each its own, or one for all") Scaling scaling,
    Annealing annealing,
    Collapse collapse,
    Supervision supervision) {

  /** What the columns are divided by. */
  public enum Scaling {
    /** Each by its own standard deviation. */
    COLUMNS,
    /** All by one, so that distances between rows keep their meaning. */
    COMMON
  }

  /** The options that were found to do well on sets of the plane. */
  static final VmonfConfig DEFAULT =
      new VmonfConfig(
          new Training(200, 0, 256, 2e-3, Training.Schedule.COSINE, 0, 0, 5, 0, 10),
          5,
          new Choice("nsf-coupling", Map.of("layers", 3, "hidden", 32, "blocks", 1)),
          "uniform",
          64,
          2,
          0,
          Scaling.COLUMNS,
          new Annealing(5, 1, 0.5),
          new Collapse(1, 0),
          new Supervision(Supervision.Start.RANDOM, 0.2, 0.2, 1));

  /** Refuses a single component and weights that are none. */
  public VmonfConfig {
    if (components < 2) {
      throw ThalwegException.usage(
          "A mixture has at least 2 components, got components=%d. One flow is an estimator of its"
              + " own: --estimator %s.",
          components, flow.name());
    }
    ComponentWeights.parse(weights, components);
  }

  NetSize net() {
    return new NetSize(hidden, blocks, dropout);
  }
}
