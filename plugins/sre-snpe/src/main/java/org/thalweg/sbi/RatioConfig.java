package org.thalweg.sbi;

import org.thalweg.api.config.Option;

/** The options of ratio estimation. */
public record RatioConfig(
    @Option(value = "units of each hidden layer of the classifier", min = 1, max = 65536)
        int hidden,
    @Option(value = "residual blocks of the classifier", min = 0, max = 64) int blocks,
    @Option(
            value =
                "numbers that a net of its own makes of the observation first; 0: the observation"
                    + " is taken as it is",
            min = 0,
            max = 65536)
        int embedding,
    @Option("what the classifier is asked") Loss loss,
    @Option(value = "K, the parameters of each set; the loss of pairs has 2", min = 2) int atoms,
    Common common) {
  /** What the classifier is asked. */
  public enum Loss {
    /** Which of K parameters made the observation; the ratio is known up to a factor. */
    SET,
    /** Whether parameters made the observation; the ratio itself, by binary cross-entropy. */
    PAIR
  }

  /** The classifier of Durkan, Murray and Papamakarios (2020), section 5, with K = 10. */
  static final RatioConfig DEFAULT = new RatioConfig(50, 2, 0, Loss.SET, 10, Common.DEFAULT);
}
