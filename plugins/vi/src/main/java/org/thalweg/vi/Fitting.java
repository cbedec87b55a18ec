package org.thalweg.vi;

import org.thalweg.api.config.Option;
import org.thalweg.toolkit.train.Training;

/** How an approximation is trained. */
public record Fitting(
    @Option(value = "the most steps to take", min = 1, max = 1e9) int steps,
    @Option(value = "draws of the approximation in one step", min = 1, max = 1e6) int draws,
    @Option(value = "Adam's step size at the start", min = 0, max = 10) double learningRate,
    @Option("how the step size falls") Training.Schedule schedule,
    @Option(value = "steps between judgements of the lower bound", min = 1, max = 1e9)
        int judgeEvery,
    @Option(
            value = "draws of a judgement, the same ones each time, so that two can be compared",
            min = 2,
            max = 1e7)
        int judgeDraws,
    @Option(
            value = "judgements without a higher lower bound before stopping; 0: never stop",
            min = 0)
        int patience,
    @Option(
            value = "what the average of the weights that is judged keeps of itself in a step",
            min = 0,
            max = 0.99999)
        double averaging,
    @Option(
            value =
                "share of the steps over which the target's weight rises from 0.01 to 1, so that"
                    + " modes far apart are found",
            min = 0,
            max = 1)
        double annealing,
    @Option(value = "trainings from other starts, of which the best is kept", min = 1, max = 1000)
        int restarts,
    @Option(value = "walks uphill that find the units of the first step", min = 1, max = 100)
        int walks,
    @Option("which estimate of the gradient") Gradient gradient,
    @Option(value = "the most that the gradient's global norm may be; 0: no limit", min = 0)
        double clipNorm) {
  /** Which estimate of the gradient of the lower bound. */
  public enum Gradient {
    /** Of everything. */
    TOTAL,
    /**
     * Along the draws' path alone (Roeder, Wu and Duvenaud, 2017): its variance vanishes where the
     * approximation is exact. It needs the density's own direction too.
     */
    PATH
  }

  /** A training of so many steps. */
  static Fitting steps(int steps, double learningRate, Gradient gradient) {
    return new Fitting(
        steps,
        256,
        learningRate,
        Training.Schedule.COSINE,
        100,
        2000,
        0,
        0.99,
        0,
        1,
        4,
        gradient,
        10);
  }

  /** The same for the training loop: an epoch is the steps between two judgements. */
  Training training() {
    int epochs = (steps + judgeEvery - 1) / judgeEvery;
    return new Training(
        epochs, steps, draws, learningRate, schedule, patience, judgeEvery, clipNorm, 0, 10);
  }

  /** The same with other numbers of steps and draws. */
  public Fitting withLength(int newSteps, int newDraws) {
    return new Fitting(
        newSteps,
        newDraws,
        learningRate,
        schedule,
        judgeEvery,
        judgeDraws,
        patience,
        averaging,
        annealing,
        restarts,
        walks,
        gradient,
        clipNorm);
  }
}
