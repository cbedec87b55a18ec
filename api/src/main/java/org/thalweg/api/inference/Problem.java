package org.thalweg.api.inference;

import java.util.List;

/** What an inference method is asked: something with parameters. */
public sealed interface Problem permits SimulatorProblem, LogDensityProblem {
  /** The name, printed with every result. */
  String name();

  /** The parameters, in order. */
  List<ParameterBlock> parameters();

  /** The names of the P numbers, as columns of samples have them. */
  default List<String> parameterNames() {
    return parameters().stream().flatMap(block -> block.names().stream()).toList();
  }
}
