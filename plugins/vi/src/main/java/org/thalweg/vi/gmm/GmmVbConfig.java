package org.thalweg.vi.gmm;

import org.thalweg.api.config.Option;

/** Options of {@code gmm-vb}; the priors are those of standardised columns. */
public record GmmVbConfig(
    @Option(
            value = "K, the most components; those that no row needs are pruned",
            min = 1,
            max = 1e4)
        int components,
    @Option(
            value =
                "alpha_0 of the Dirichlet prior: below 1 few components are preferred; 0: 1 / K",
            min = 0)
        double concentration,
    @Option(value = "beta_0: how many rows the prior mean, 0, counts for", min = 1e-12)
        double meanRows,
    @Option(
            value = "nu_0 - D + 1: how many rows more than D - 1 the prior covariance counts for",
            min = 1e-6)
        double covarianceRows,
    @Option(
            value = "the prior's s.d. of a component: W_0 is the inverse of its square, times I",
            min = 1e-6)
        double width,
    @Option(value = "starts from rows drawn at random; that of the largest bound is kept", min = 1)
        int restarts,
    @Option(value = "the most updates of a start", min = 1) int iterations,
    @Option(value = "updates stop where the bound rises by less, in nats a row", min = 0)
        double tolerance) {
  static final GmmVbConfig DEFAULT = new GmmVbConfig(10, 0, 1, 1, 0.5, 5, 1000, 1e-6);
}
