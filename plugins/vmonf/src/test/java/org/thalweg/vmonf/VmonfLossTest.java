package org.thalweg.vmonf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Share;

/** The loss of components that are all standard normal, put together by hand. */
class VmonfLossTest {
  private static final Engine ENGINE = Mixtures.DOUBLE;
  private static final Seed SEED = new Seed(3);
  private static final int ROWS = 40;
  private static final int STEPS = 100;

  private static final class Parts {
    final ParameterStore store = new ParameterStore(ENGINE, SEED);
    final VmonfNets nets;
    final VmonfObjective objective;
    final Dataset data;

    /** With weights that are no fresh net's. */
    Parts(int[] labels, Object... options) {
      Object[] all = {"flow", "standard-normal", "pretraining", 0, "settling", 0};
      Object[] joined = Arrays.copyOf(all, all.length + options.length);
      System.arraycopy(options, 0, joined, all.length, options.length);
      VmonfConfig config = Mixtures.config(joined);
      data = Mixtures.labelled(Mixtures.two(ROWS, 1), labels);
      nets = VmonfNets.build(config, data.schema(), store, Mixtures.REGISTRY);
      SplittableRandom random = new SplittableRandom(4);
      store.restore(
          Arrays.stream(store.snapshot()).map(w -> w + 0.3 * random.nextGaussian()).toArray());
      objective =
          new VmonfObjective(
              config,
              ENGINE,
              nets,
              Standardiser.common(data, 0, 1),
              data,
              data.select(new int[0]),
              labels,
              SEED);
    }

    double loss(int step) {
      int[] batch = IntStream.range(0, ROWS).toArray();
      try (Tape tape = ENGINE.newTape(Tape.Mode.FIRST_ORDER)) {
        Share share = new Share(batch, 0, ROWS, 0, step, STEPS, SEED);
        return ENGINE.hostView(objective.loss(tape, share)).toDoubles()[0];
      }
    }

    /** q(c | x) at a temperature, from that at 1. */
    double[][] posterior(double temperature) {
      double[][] out = new double[ROWS][2];
      try (Tape tape = ENGINE.newTape(Tape.Mode.EVALUATE)) {
        NDArray x = tape.constant(data.rows().features().values(), new Shape(ROWS, 2));
        double[] logs =
            ENGINE
                .hostView(nets.posterior(x, Context.none(), Binding.evaluate(tape), 1))
                .toDoubles();
        for (int i = 0; i < ROWS; i++) {
          double a = Math.exp(logs[2 * i] / temperature);
          double b = Math.exp(logs[2 * i + 1] / temperature);
          out[i] = new double[] {a / (a + b), b / (a + b)};
        }
      }
      return out;
    }

    double logNormal(int row) {
      double[] x = data.rows().features().row(row);
      return -Math.log(2 * Math.PI) - 0.5 * (x[0] * x[0] + x[1] * x[1]);
    }

    double bound(int row, double[] q, double... weights) {
      double sum = 0;
      for (int c = 0; c < 2; c++) {
        sum += q[c] * (Math.log(weights[c]) + logNormal(row) - Math.log(q[c]));
      }
      return sum;
    }

    double meanBound(double temperature, double... weights) {
      double[][] q = posterior(temperature);
      return IntStream.range(0, ROWS)
          .mapToDouble(i -> bound(i, q[i], weights))
          .average()
          .orElseThrow();
    }
  }

  private static int[] unknown() {
    int[] out = new int[ROWS];
    Arrays.fill(out, -1);
    return out;
  }

  /** From 8 to 2 over the first half of the steps. */
  @ParameterizedTest
  @CsvSource({"0, 8", "25, 4", "50, 2", "99, 2"})
  void theTemperatureReachesTheBound(int step, double temperature) {
    Parts parts =
        new Parts(
            unknown(),
            "temperature",
            8,
            "final-temperature",
            2,
            "annealed",
            0.5,
            "weights",
            "0.7,0.3");
    double expected = -parts.meanBound(temperature, 0.7, 0.3);
    assertEquals(expected, parts.loss(step), 1e-9);
    assertTrue(Math.abs(parts.meanBound(3, 0.7, 0.3) + expected) > 1e-3, "temperatures differ");
  }

  /** The entropy of the mean assignment, whose weight falls to 0. */
  @ParameterizedTest
  @CsvSource({"0, 0.7", "25, 0.35", "50, 0"})
  void theEntropyIsThatOfTheMeanAssignment(int step, double weight) {
    Object[] same = {"temperature", 2, "final-temperature", 2, "annealed", 0.5};
    Object[] more = Arrays.copyOf(same, 8);
    more[6] = "entropy";
    more[7] = 0.7;
    Parts with = new Parts(unknown(), more);
    double share = Arrays.stream(with.posterior(2)).mapToDouble(q -> q[0]).average().orElseThrow();
    double entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
    assertTrue(Math.abs(share - 0.5) > 0.02, "no even share: " + share);
    double without = new Parts(unknown(), same).loss(step);
    assertEquals(-weight * entropy, with.loss(step) - without, 1e-9);
  }

  /** log p(c) is the softmax of a parameter, whose gradient is the mean of w_c - q(c | x). */
  @Test
  void learntWeightsAreInTheBoundAndHaveAGradient() {
    Parts parts = new Parts(unknown(), "weights", "learned");
    Parameter free =
        parts.store.trainable().stream()
            .filter(p -> p.name().equals("mixture.weights"))
            .findFirst()
            .orElseThrow();
    double[] numbers;
    double[] gradient;
    try (Tape tape = ENGINE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray parameter = tape.parameter(free);
      Share share = new Share(IntStream.range(0, ROWS).toArray(), 0, ROWS, 0, 0, STEPS, SEED);
      NDArray loss = parts.objective.loss(tape, share);
      tape.backward(loss);
      numbers = ENGINE.hostView(parameter).toDoubles();
      gradient = ENGINE.hostView(parameter.getGradient()).toDoubles();
    }
    double first = 1 / (1 + Math.exp(numbers[1] - numbers[0]));
    assertTrue(Math.abs(first - 0.5) > 0.01, "even weights: " + first);
    assertEquals(-parts.meanBound(1, first, 1 - first), parts.loss(0), 1e-9);
    double used = Arrays.stream(parts.posterior(1)).mapToDouble(q -> q[0]).average().orElseThrow();
    assertEquals(first - used, gradient[0], 1e-9);
    assertEquals(used - first, gradient[1], 1e-9);
  }

  /** A labelled row has log p(x, c) + log q(c | x), and as much weight as three others. */
  @Test
  void labelledRowsCountMore() {
    int[] labels = unknown();
    labels[3] = 0;
    labels[8] = 1;
    Parts parts = new Parts(labels, "label-weight", 3);
    double[][] q = parts.posterior(1);
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      sum +=
          labels[i] < 0
              ? parts.bound(i, q[i], 0.5, 0.5)
              : 3 * (Math.log(0.5) + parts.logNormal(i) + Math.log(q[i][labels[i]]));
    }
    assertEquals(-sum / (ROWS - 2 + 6), parts.loss(0), 1e-9);
  }
}
