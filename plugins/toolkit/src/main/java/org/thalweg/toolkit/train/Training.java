package org.thalweg.toolkit.train;

import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** How a model is trained by gradient. */
public record Training(
    @Option(value = "passes over the training rows", min = 1, max = 1e9) int epochs,
    @Option(
            value =
                "the most steps to take; 0: as many as the epochs have, or as a method sets by its rows",
            min = 0,
            max = 1e12)
        long steps,
    @Option(value = "rows in one step", min = 1, max = 1e7) int batchSize,
    @Option(value = "Adam's step size at the start", min = 0, max = 10) double learningRate,
    @Option("how the step size falls") Schedule schedule,
    @Option(value = "validations without improvement before stopping; 0: never stop", min = 0)
        int patience,
    @Option(value = "steps between validations; 0: one epoch", min = 0, max = 1e9)
        int validateEvery,
    @Option(value = "the most that the gradient's global norm may be; 0: no limit", min = 0)
        double clipNorm,
    @Option(value = "decoupled weight decay, as a fraction of a weight a unit step", min = 0)
        double weightDecay,
    @Option(value = "seconds between checkpoints; 0: at every validation", min = 0)
        double checkpointSeconds,
    @Option("what is done with a batch that does not fit into the device's memory")
        Oversized oversized) {

  /** Refuses what no training can do, wherever the record was made. */
  public Training {
    require(epochs >= 1, "epochs", epochs);
    require(steps >= 0, "steps", steps);
    require(batchSize >= 1, "batch-size", batchSize);
    require(learningRate >= 0 && learningRate <= 10, "learning-rate", learningRate);
    require(patience >= 0, "patience", patience);
    require(validateEvery >= 0, "validate-every", validateEvery);
    require(clipNorm >= 0, "clip-norm", clipNorm);
    require(weightDecay >= 0, "weight-decay", weightDecay);
    require(checkpointSeconds >= 0, "checkpoint-seconds", checkpointSeconds);
  }

  /** With a batch that does not fit refused. */
  public Training(
      int epochs,
      long steps,
      int batchSize,
      double learningRate,
      Schedule schedule,
      int patience,
      int validateEvery,
      double clipNorm,
      double weightDecay,
      double checkpointSeconds) {
    this(
        epochs,
        steps,
        batchSize,
        learningRate,
        schedule,
        patience,
        validateEvery,
        clipNorm,
        weightDecay,
        checkpointSeconds,
        Oversized.REFUSE);
  }

  private static void require(boolean allowed, String option, Number value) {
    if (!allowed) {
      throw ThalwegException.usage(
          "Option '%s' cannot be %s: thalweg describe says what it takes.", option, value);
    }
  }

  /** How the step size falls. */
  public enum Schedule {
    /** Half a cosine from the start to 0 over all steps. */
    COSINE,
    /** Halved when the validation rows' log-density has not risen for half the patience. */
    PLATEAU,
    /** It stays. */
    CONSTANT
  }

  /** What is done with a batch that does not fit into the device's memory. */
  public enum Oversized {
    /** The fit ends, and says what does fit. */
    REFUSE,
    /**
     * It is computed in pieces that fit, whose gradients are added up. What fits depends on what
     * else uses the memory, and with it the last digits of the weights.
     */
    DIVIDE
  }

  /** What does well on tables of a few thousand to a million rows. */
  public static final Training DEFAULT =
      new Training(200, 0, 256, 2e-3, Schedule.COSINE, 30, 0, 5, 0, 10);

  /** The same with another step size at the start. */
  public Training withLearningRate(double newRate) {
    return new Training(
        epochs,
        steps,
        batchSize,
        newRate,
        schedule,
        patience,
        validateEvery,
        clipNorm,
        weightDecay,
        checkpointSeconds,
        oversized);
  }

  /** The same with other numbers of epochs and steps. */
  public Training withLength(int newEpochs, long newSteps) {
    return new Training(
        newEpochs,
        newSteps,
        batchSize,
        learningRate,
        schedule,
        patience,
        validateEvery,
        clipNorm,
        weightDecay,
        checkpointSeconds,
        oversized);
  }
}
