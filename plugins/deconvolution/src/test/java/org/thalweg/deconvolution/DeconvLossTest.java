package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Share;

/**
 * The loss where the prior is a standard normal of standardised rows and the proposal is the noise.
 * With many draws the mean of the log-ratios is E log N(w + s u; 0, 1), and the logarithm of their
 * mean is log N(w; 0, 1 + s^2).
 */
class DeconvLossTest {
  private static final Seed SEED = new Seed(6);
  private static final int ROWS = 6;
  private static final int DRAWS = 40_000;
  private static final double SCALE = 2;
  private static final double SHIFT = 10;

  private final double[] w = {10.5, 7, 12, 9, 14, 10};
  private final double[] s = {1, 2, 3, 0.5, 2, 4};
  private final double[] weights = {1, 2, 0, 1, 0.5, 1.5};

  private double expected(boolean importance) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double z = (w[i] - SHIFT) / SCALE;
      double v = s[i] * s[i] / SCALE / SCALE;
      double bound =
          importance
              ? Math.log(Setups.normal(z, 0, 1 + v))
              : -0.5 * (Math.log(2 * Math.PI) + z * z + v);
      // In the user's units; the weights have the mean 1.
      sum += weights[i] * (bound - Math.log(SCALE)) / ROWS;
    }
    return -sum;
  }

  @ParameterizedTest
  @CsvSource({"elbo, 0", "elbo, 0.5", "elbo, 1", "importance, 0", "importance, 0.5"})
  void theLossIsTheBoundThatWasAskedFor(String objective, double defensive) {
    boolean importance = objective.equals("importance");
    double loss =
        loss("objective", objective, "samples", DRAWS, "defensive", defensive, "sleep", 0);
    // The log-ratios' standard deviation is at most 3, so that of the mean over 6 rows is 0.007.
    assertEquals(expected(importance), loss, 0.03);
    assertTrue(Math.abs(expected(true) - expected(false)) > 0.3, "the bounds differ");
  }

  @Test
  void asleepTheNetIsJudgedByTheNoiseThatRowsWereGiven() {
    // A standard normal of its own draws.
    double entropy = 0.5 * (1 + Math.log(2 * Math.PI));
    assertEquals(entropy, asleep(0), 0.02);
  }

  @Test
  void whatThePriorDrawsFarFromTheRowsTeachesNothing() {
    assertEquals(0, asleep(1000));
  }

  @Test
  void theLossIsTheBoundAlsoWhereTheNetIsTrainedAsleep() {
    assertEquals(loss("samples", 2, "sleep", 0), loss("samples", 2, "sleep", 100), 1e-12);
  }

  @Test
  void asleepTheNetLearnsAndThePriorDoesNot() {
    ParameterStore store = new ParameterStore(Setups.DOUBLE, SEED);
    DeconvObjective objective = objective(Setups.flow(), store, 0);
    objective.initialise();
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      Binding binding = new Binding(tape, Binding.Mode.TRAIN, SEED);
      tape.backward(objective.blurred().lossOfDraws(binding, repeated(20), 0));
      for (Parameter p : store.trainable()) {
        double[] slopes = Setups.DOUBLE.hostView(tape.gradient(p)).toDoubles();
        double size = Arrays.stream(slopes).map(Math::abs).sum();
        assertTrue(p.name().startsWith("recognition") || size == 0, p.name() + " " + size);
      }
      double[] last =
          store.trainable().stream()
              .filter(p -> p.name().startsWith("recognition") && p.name().endsWith("last.bias"))
              .flatMapToDouble(
                  p -> Arrays.stream(Setups.DOUBLE.hostView(tape.gradient(p)).toDoubles()))
              .toArray();
      assertTrue(Arrays.stream(last).map(Math::abs).sum() > 0.01);
    }
  }

  private static int[] repeated(int times) {
    return IntStream.range(0, ROWS * times).map(i -> i % ROWS).toArray();
  }

  private double asleep(double moved) {
    DeconvFlowConfig config =
        Setups.flow("prior", "standard-normal", "recognition", "standard-normal");
    DeconvObjective objective = objective(config, new ParameterStore(Setups.DOUBLE, SEED), moved);
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      return Setups.DOUBLE.hostView(
              objective.blurred().lossOfDraws(Binding.evaluate(tape), repeated(10_000), 0))
          .toDoubles()[0];
    }
  }

  private double loss(Object... options) {
    Object[] nets = {"prior", "standard-normal", "recognition", "standard-normal"};
    DeconvFlowConfig config =
        Setups.flow(
            Stream.concat(Arrays.stream(nets), Arrays.stream(options)).toArray(Object[]::new));
    DeconvObjective objective = objective(config, new ParameterStore(Setups.DOUBLE, SEED), 0);
    try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      Share share = new Share(IntStream.range(0, ROWS).toArray(), 0, ROWS, 0, 0, 1, SEED);
      return Setups.DOUBLE.hostView(objective.loss(tape, share)).toDoubles()[0];
    }
  }

  /** Of the rows, moved by so much. */
  private DeconvObjective objective(DeconvFlowConfig config, ParameterStore store, double moved) {
    double[] rows = Arrays.stream(w).map(x -> x + moved).toArray();
    Dataset data =
        new Dataset(
            Setups.schema(1, Role.NOISE_SD),
            new Rows(
                new Matrix(ROWS, 1, rows),
                Matrix.zeros(ROWS, 0),
                new Noise.Diagonal(new Matrix(ROWS, 1, s)),
                Optional.of(weights),
                Optional.empty()));
    return new DeconvObjective(
        config,
        Setups.DOUBLE,
        DeconvNets.build(config, 1, 0, store, Setups.REGISTRY),
        Errors.of(config.errors(), data.schema(), Soundness.DEFINITE),
        Standardiser.common(data, SHIFT, SCALE),
        data,
        data.select(new int[0]),
        SEED);
  }
}
