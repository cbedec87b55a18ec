package org.thalweg.diffusion;

import org.thalweg.api.config.Option;

/** How rows are drawn. */
public record SamplingConfig(
    @Option("what draws rows") Method sampler,
    @Option(value = "steps of the stochastic samplers", min = 1, max = 1e6) int samplerSteps) {

  /** What draws rows. */
  public enum Method {
    /** The probability flow, whose draws have the density {@code ode}. */
    ODE,
    /** The reverse stochastic equation: about the model that {@code sde-bound} bounds. */
    EULER_MARUYAMA,
    /** The same with a step of Langevin's equation before each. */
    PREDICTOR_CORRECTOR
  }

  static final SamplingConfig DEFAULT = new SamplingConfig(Method.ODE, 500);
}
