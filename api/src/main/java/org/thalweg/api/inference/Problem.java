package org.thalweg.api.inference;

import java.util.List;

/** What an inference method is asked: something with parameters. */
public sealed interface Problem permits SimulatorProblem, LogDensityProblem {
  /** The name, printed with every result. */
  String name();

  /** The parameters, in order. */
  List<ParameterBlock> parameters();
}
