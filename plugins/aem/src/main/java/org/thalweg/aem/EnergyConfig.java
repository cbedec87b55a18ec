package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.thalweg.api.config.Option;

/** The options of the energy net, which all columns share. */
public record EnergyConfig(
    @Option(value = "units of each hidden layer of the energy net", min = 1, max = 65536)
        int energyHidden,
    @Option(value = "residual blocks of the energy net", min = 0, max = 64) int energyBlocks,
    @Option("what the energy net's units do") Unit energyUnit,
    @Option(
            value =
                "numbers that the masked net hands to the energy net for each column: the paper's"
                    + " context vector",
            min = 1,
            max = 65536)
        int codeSize,
    @Option(
            "whether the energy is put on top of the proposal, log q + energy, instead of standing"
                + " alone")
        boolean tilted) {

  /** What a hidden unit does. */
  public enum Unit {
    /** max(0, x). */
    RELU,
    /** The hyperbolic tangent. */
    TANH;

    NDArray apply(NDArray x) {
      return this == RELU ? Activation.relu(x) : Activation.tanh(x);
    }
  }
}
