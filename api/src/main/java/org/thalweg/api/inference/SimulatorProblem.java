package org.thalweg.api.inference;

import java.util.List;
import org.thalweg.api.data.Matrix;

/**
 * A prior, a simulator, and what was observed.
 *
 * @param name the name, printed with every result
 * @param prior the prior over parameters
 * @param simulator draws data for parameters
 * @param observation {@code [n, X]}: one row, or n independent ones for the same parameters
 */
public record SimulatorProblem(String name, Prior prior, Simulator simulator, Matrix observation)
    implements Problem {
  @Override
  public List<ParameterBlock> parameters() {
    return prior.parameters();
  }
}
