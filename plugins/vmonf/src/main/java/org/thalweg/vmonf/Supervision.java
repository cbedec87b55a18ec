package org.thalweg.vmonf;

import org.thalweg.api.config.Option;

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
    @Option(value = "how much more a labelled row counts than another", min = 0, max = 1e6)
        double labelWeight) {

  /** What the first steps learn from where there are no labels. */
  public enum Start {
    /** Nothing: weights are random. */
    RANDOM,
    /** The clusters of k-means. */
    K_MEANS
  }
}
