package org.thalweg.api.inference;

import java.util.List;

/**
 * A log-density over constrained parameters. The map to the reals and its Jacobian are the
 * framework's.
 *
 * @param name the name, printed with every result
 * @param parameters the parameters, in order
 * @param logJoint the log joint density in the user's units, without any Jacobian
 * @param differentiable whether {@code logJoint} can be differentiated
 */
public record LogDensityProblem(
    String name, List<ParameterBlock> parameters, LogJoint logJoint, boolean differentiable)
    implements Problem {
  /** Copies the parameters. */
  public LogDensityProblem {
    parameters = List.copyOf(parameters);
  }
}
