package org.thalweg.aem;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.train.Training;

/** The options of the autoregressive energy machine. */
public record AemConfig(
    Training training,
    @Option(
            value =
                "units of each hidden layer of the masked net; at least as many as there are"
                    + " columns",
            min = 1,
            max = 65536)
        int hidden,
    @Option(value = "residual blocks of the masked net", min = 0, max = 64) int blocks,
    @Option(
            value = "probability that a unit of either net is dropped in training",
            min = 0,
            max = 0.95)
        double dropout,
    @Option("whether the proposal has a masked net of its own") boolean separateTrunks,
    EnergyConfig energy,
    ProposalConfig sampler,
    @Option(
            value =
                "steps in which the proposal alone is trained; at most a quarter of all steps are",
            min = 0,
            max = 1e12)
        long warmUp,
    @Option("importance samples a column and row in training; at least 2") int samples,
    @Option("importance samples a column and row in scoring; at least 2") int scoringSamples,
    @Option("kernels a column and row of the density 'kde'; at least 2") int kernels,
    @Option("proposals that a drawn number is resampled from; at least 2") int resamples) {

  /** Refuses what gives no estimate. */
  public AemConfig {
    requireSeveral("samples", samples);
    requireSeveral("scoring-samples", scoringSamples);
    requireSeveral("kernels", kernels);
    requireSeveral("resamples", resamples);
  }

  /** One sample is its own mean: it says nothing of the normaliser, nor of its error. */
  static void requireSeveral(String option, int samples) {
    if (samples < 2 || samples > 10_000_000) {
      throw ThalwegException.usage(
          "'%s' takes from 2 to 10000000 samples, got %d: one importance sample says nothing of"
              + " the normaliser, nor of its error; 20 are usual in training, 1000 in scoring.",
          option, samples);
    }
  }

  /** What fits in minutes on a few cores; the paper's nets are twice as wide and deep. */
  static final AemConfig DEFAULT =
      new AemConfig(
          Training.DEFAULT.withLearningRate(1e-3),
          128,
          2,
          0,
          false,
          new EnergyConfig(64, 2, EnergyConfig.Unit.RELU, 32, false),
          new ProposalConfig(ProposalConfig.Family.MIXTURE, 10, 0, 0, 0),
          1000,
          20,
          1000,
          1000,
          100);

  NetSize net() {
    return new NetSize(hidden, blocks, dropout);
  }
}
