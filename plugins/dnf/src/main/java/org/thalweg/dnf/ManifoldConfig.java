package org.thalweg.dnf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options that flows on manifolds share. */
public record ManifoldConfig(
    @Option(
            value =
                "the manifold's dimension d, less than the number of columns; 0: estimated from the"
                    + " distances of nearest neighbours",
            min = 0,
            max = 65536)
        int dimension,
    @Option("f, the flow over all columns: a registered flow") Choice flow,
    @Option("h, the flow over the d coordinates on the manifold: a registered flow")
        Choice latent) {}
