package org.thalweg.vi;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of approximations by any flow. */
public record FlowConfig(
    @Option("the flow: a registered density that draws in one pass") Choice flow,
    @Option("whether units keep to the axes") Axes axes,
    @Option("how it is trained") Fitting fitting) {
  private static final String AFFINE =
      "autoregressive(univariate=affine, fast=sampling, hidden=32, blocks=1)";

  /**
   * Partial pooling that is learnt, what is left of dependence, and the shapes of the marginals,
   * over tails as heavy as they have to be.
   */
  static final FlowConfig DEFAULT =
      new FlowConfig(
          new Choice(
              "flow",
              Map.of(
                  "transforms",
                  "funnel, funnel(roots=first), %s, lu-linear, %s, %s"
                      .formatted(AFFINE, AFFINE, "elementwise(univariate=rational-quadratic)"),
                  "base",
                  "student-t")),
          Axes.KEPT,
          Fitting.steps(5000, 0.01, Fitting.Gradient.TOTAL));
}
