package org.thalweg.deconvolution;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.toolkit.train.Training;

/** The options of deconvolution with flows. */
public record DeconvFlowConfig(
    Training training,
    ErrorsConfig errors,
    @Option(
            "the density of noise in units of a row's Cholesky factor: a registered density over one"
                + " number, such as laplace or student-t; it is not trained")
        Choice noise,
    @Option("the density of noise-free rows: a registered density") Choice prior,
    @Option(
            "the density of what noise a row may have, given the row and its covariance: a"
                + " registered density that samples in one pass")
        Choice recognition,
    @Option("what is made large") Bound objective,
    @Option(value = "K, draws a row in training", min = 1, max = 100_000) int samples,
    @Option(
            value =
                "fraction of the draws that come from the noise instead of the recognition net, so"
                    + " that no part of the posterior is missed; a draw's density is the mixture's",
            min = 0,
            max = 1)
        double defensive,
    @Option(
            value = "what the judged weights keep of their own average in a step; 0: no average",
            min = 0,
            max = 0.999999)
        double averaging,
    @Option(
            value =
                "draws of the prior a row that are made noisy in each step, for the recognition net"
                    + " to see through: it then covers the posterior, and the bound is tighter",
            min = 0,
            max = 100_000)
        int sleep,
    @Option(value = "draws a row of the density 'observed'", min = 2, max = 10_000_000)
        int scoringSamples,
    @Option(value = "proposals a row that posterior draws are resampled from", min = 2, max = 1e6)
        int proposals,
    @Option("what the nets see before they are trained together") PretrainOn pretrainOn,
    @Option(value = "steps in which the prior is first trained alone", min = 0, max = 1e9)
        long pretrainPrior,
    @Option(
            value =
                "steps in which the recognition net is first trained alone, on rows that are made"
                    + " noisy",
            min = 0,
            max = 1e9)
        long pretrainPosterior) {

  /** What is made large. */
  public enum Bound {
    /** The evidence lower bound, estimated by the mean of K log-ratios (eq. 6). */
    ELBO,
    /** The logarithm of the mean of K ratios, which is nearer to log p(w) (eqs. 9 and 10). */
    IMPORTANCE
  }

  /** What the nets are first trained on. */
  public enum PretrainOn {
    /** The prior on the noisy rows as they are, the recognition net on draws of that prior. */
    ROWS,
    /**
     * Both on draws of the mixture that extreme deconvolution fits to the rows first, by the
     * defaults of {@code xd-gmm}.
     */
    MIXTURE
  }

  /** What does well on tables of a few thousand rows; nets are smaller than the paper's. */
  static final DeconvFlowConfig DEFAULT =
      new DeconvFlowConfig(
          Training.DEFAULT,
          ErrorsConfig.FROM_COLUMNS,
          Choice.of("standard-normal"),
          new Choice("maf", Map.of("layers", 5, "hidden", 64)),
          new Choice("maf", Map.of("layers", 3, "hidden", 64, "fast", "sampling", "embedding", 64)),
          Bound.IMPORTANCE,
          10,
          0.1,
          0.999,
          2,
          100,
          1000,
          PretrainOn.ROWS,
          0,
          0);
}
