package org.thalweg.vmonf;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** What labels, or a first clustering in their place, are used for. */
public record Supervision(
    @Option("what the first steps learn from where there are no labels") Start start,
    @Option(
            value =
                "the share of the steps that learn from labelled rows alone, or from the first"
                    + " clustering; none where there is neither",
            min = 0,
            max = 0.9)
        double pretraining,
    @Option(
            value =
                "the share of the steps after those in which components learn from all rows, as the"
                    + " net assigns them, and the net rests",
            min = 0,
            max = 0.9)
        double settling,
    @Option(value = "how much more a labelled row counts than another", min = 0, max = 1e6)
        double labelWeight) {

  /** Refuses first steps that leave no others. */
  public Supervision {
    if (pretraining + settling > 0.95) {
      throw ThalwegException.usage(
          "pretraining=%s and settling=%s leave too few steps for the bound; together they take at"
              + " most 0.95 of all steps.",
          pretraining, settling);
    }
  }

  /** What the first steps learn from where there are no labels. */
  public enum Start {
    /** Nothing: weights are random. */
    RANDOM,
    /** The clusters of k-means. */
    K_MEANS
  }
}
