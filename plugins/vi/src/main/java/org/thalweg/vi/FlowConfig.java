package org.thalweg.vi;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of approximations by any flow. */
public record FlowConfig(
    @Option("the flow: a registered density that draws in one pass") Choice flow,
    @Option("whether units keep to the axes") Axes axes,
    @Option("how it is trained") Fitting fitting) {
  static final FlowConfig DEFAULT =
      new FlowConfig(
          new Choice("nsf-ar", Map.of("fast", "sampling", "layers", 3, "hidden", 32, "blocks", 1)),
          Axes.KEPT,
          Fitting.steps(3000, 0.005, Fitting.Gradient.TOTAL));
}
