package org.thalweg.dnf;

import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.toolkit.train.Training;

/** The options of the denoising flow. */
public record DnfConfig(
    Training training,
    ManifoldConfig manifold,
    @Option(
            value =
                "the standard deviation of the noise that rows are inflated by, as a fraction of the"
                    + " columns' root mean variance; 0: no noise",
            min = 0,
            max = 10)
        double sigma,
    @Option(
            value =
                "the weight of the squared reconstruction error, in nats per unit of the columns'"
                    + " mean variance; 0: the density alone is learnt",
            min = 0,
            max = 1e9)
        double lambda,
    @Option(
            value =
                "where sigma is 0: the standard deviation of the coordinates across the manifold, as"
                    + " a fraction like sigma",
            min = 1e-6,
            max = 10)
        double normalSd,
    @Option(
            value =
                "rows whose coordinates across the manifold are longer than so many sigma have the"
                    + " density 0 on it; 0: none",
            min = 0,
            max = 1e9)
        double cutoff) {

  /** Coupling flows, whose both directions take one pass, with trainable linear maps between. */
  static final DnfConfig DEFAULT =
      new DnfConfig(
          new Training(200, 0, 256, 1e-3, Training.Schedule.COSINE, 0, 0, 5, 0, 10),
          DefaultFlows.MANIFOLD,
          0.05,
          10,
          0.01,
          1.0 / 3);

  /** The standard deviation of p(v): sigma, or what stands for it where there is no noise. */
  double acrossSd() {
    return sigma > 0 ? sigma : normalSd;
  }

  /** The flows of both estimators, so that they can be compared. */
  static final class DefaultFlows {
    static final ManifoldConfig MANIFOLD =
        new ManifoldConfig(
            0,
            new Choice("nsf-coupling", Map.of("layers", 5, "hidden", 64)),
            new Choice("nsf-coupling", Map.of("layers", 3, "hidden", 32)));

    private DefaultFlows() {}
  }
}
