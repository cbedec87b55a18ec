package org.thalweg.vmonf;

import org.thalweg.api.config.Option;

/** What is done against components that no row is assigned to. */
public record Collapse(
    @Option(
            value = "fits from different starts, of which the best on validation rows is kept",
            min = 1,
            max = 1000)
        int restarts,
    @Option(
            value =
                "weight of the entropy of the batch's mean assignment, which falls to 0 with the"
                    + " temperature",
            min = 0,
            max = 1e6)
        double entropy) {}
