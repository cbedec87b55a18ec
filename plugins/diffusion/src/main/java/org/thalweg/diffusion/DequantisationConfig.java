package org.thalweg.diffusion;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** How rounded columns are spread over the steps that they were rounded to. */
public record DequantisationConfig(
    @Option("the noise that spreads rounded columns when they are scored") Noise dequantise,
    @Option("the density that learns the noise of dequantise=variational, given the row")
        Choice dequantiser,
    @Option(value = "steps that it is trained for", min = 1, max = 1e9) int dequantiserSteps,
    @Option(value = "draws of the noise for each row, for probabilities", min = 2, max = 1e4)
        int draws) {

  /** The noise. */
  public enum Noise {
    /** Uniform over the step. */
    UNIFORM,
    /** Learnt, so that the bound on the probability is tight (section 5.2, eq. 13). */
    VARIATIONAL
  }

  static final DequantisationConfig DEFAULT =
      new DequantisationConfig(
          Noise.UNIFORM, new Choice("nsf-coupling", Map.of("layers", 2, "hidden", 32)), 2000, 4);
}
