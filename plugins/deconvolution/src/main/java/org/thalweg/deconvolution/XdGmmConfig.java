package org.thalweg.deconvolution;

import org.thalweg.api.config.Option;

/** The options of extreme deconvolution. */
public record XdGmmConfig(
    @Option(value = "Gaussians; 0: the best of 1, 2, 4, ... is chosen", min = 0, max = 100_000)
        int components,
    @Option("by what the number of Gaussians is chosen") Choose choose,
    @Option(value = "the most Gaussians that are tried", min = 1, max = 100_000) int mostComponents,
    @Option(
            value = "starts by k-means with other seeds, of which the best is carried on",
            min = 1,
            max = 10_000)
        int starts,
    @Option(value = "steps of each start before the best is chosen", min = 0, max = 1_000_000)
        int startSteps,
    @Option(
            value =
                "rounds in which two Gaussians are merged and a third is split, kept where that helps",
            min = 0,
            max = 10_000)
        int splitAndMerge,
    @Option("whether a step takes all rows, or some at a time") Variant variant,
    @Option(value = "the most passes over the rows", min = 1, max = 1e9) int iterations,
    @Option(
            value =
                "nats a row that further steps would add, as the last ones foretell, at which to"
                    + " stop",
            min = 0,
            max = 1)
        double tolerance,
    @Option(value = "rows in a step of the online variant", min = 32, max = 1e9) int batchSize,
    @Option(
            value =
                "ridge: as many rows whose covariance is the unit matrix, of standardised rows, are"
                    + " added to each Gaussian",
            min = 0,
            max = 1e6)
        double ridge,
    ErrorsConfig errors) {

  /** By what the number of Gaussians is chosen. */
  public enum Choose {
    /** The mean log-density of the validation rows. */
    HELD_OUT,
    /** Schwarz's criterion on the training rows. */
    BIC
  }

  /** What a step takes. */
  public enum Variant {
    /** All rows (Bovy, Hogg and Roweis, 2011). */
    BATCH,
    /** Some rows, whose moments are mixed into those so far (Cappe and Moulines, 2009). */
    ONLINE
  }

  /** What suits most tables. */
  static final XdGmmConfig DEFAULT =
      new XdGmmConfig(
          0,
          Choose.HELD_OUT,
          64,
          5,
          20,
          0,
          Variant.BATCH,
          2000,
          1e-4,
          1024,
          0.01,
          ErrorsConfig.FROM_COLUMNS);

  /** The same for other errors. */
  XdGmmConfig withErrors(ErrorsConfig other) {
    return new XdGmmConfig(
        components,
        choose,
        mostComponents,
        starts,
        startSteps,
        splitAndMerge,
        variant,
        iterations,
        tolerance,
        batchSize,
        ridge,
        other);
  }
}
