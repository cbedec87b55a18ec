package org.thalweg.diffusion;

import org.thalweg.api.config.Option;

/** The options of the net that learns the score. */
public record ScoreNetConfig(
    @Option(value = "units of each hidden layer; channels for images", min = 1, max = 65536)
        int hidden,
    @Option(value = "residual blocks; of each scale for images", min = 0, max = 64) int blocks,
    @Option(value = "random frequencies that the time goes in by", min = 0, max = 1024)
        int frequencies) {
  static final ScoreNetConfig DEFAULT = new ScoreNetConfig(128, 3, 16);
}
