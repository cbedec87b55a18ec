package org.thalweg.sbi.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * Predators and prey as a Markov jump process, simulated event by event (Gillespie 1977): 50
 * predators and 100 prey at the start, recorded at 0, 0.2, ..., 30. The parameters are the
 * logarithms of four rates; the data are nine summaries.
 *
 * <p>Set up, with the constants of standardisation, as by Papamakarios and Murray (2016). A run of
 * more than 10,000 events, or one in which a species never changes, has no summaries: not numbers,
 * which count as a failed simulation.
 */
final class LotkaVolterraJump {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "lotka-volterra-jump",
          "four rates of predators and prey as a jump process, from nine summaries",
          "Papamakarios, Murray (2016), Fast epsilon-free Inference of Simulation Models, section"
              + " 4.4",
          new NoOptions(),
          o ->
              new Simulation(
                  IndependentPrior.repeated("parameter", 4, new Marginal.Uniform(-5, 2)),
                  LotkaVolterraJump::simulate,
                  List.of(
                      "mean_predators",
                      "mean_prey",
                      "log_variance_predators",
                      "log_variance_prey",
                      "autocorrelation_predators_1",
                      "autocorrelation_predators_2",
                      "autocorrelation_prey_1",
                      "autocorrelation_prey_2",
                      "correlation")));

  private static final int RECORDS = 151;
  private static final double INTERVAL = 0.2;
  private static final int EVENTS = 10_000;

  private static final double[] MEAN = {
    219.80177483,
    5.8308145695,
    6.6366085781,
    4.4447000208,
    0.8408783423,
    0.7379918996,
    0.1350184067,
    0.0747472691,
    0.1248358552,
  };
  private static final double[] DEVIATION = {
    592.32610707,
    54.664998232,
    2.9693614919,
    0.9018732576,
    0.1798117638,
    0.2567860904,
    0.2662085536,
    0.2029963802,
    0.3757516131,
  };

  private LotkaVolterraJump() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    double[][] states = states(parameters, new long[] {50, 100}, EVENTS, seed.generator());
    double[] out = summaries(states[0], states[1]);
    for (int i = 0; i < out.length; i++) {
      out[i] = (out[i] - MEAN[i]) / DEVIATION[i];
    }
    return out;
  }

  /**
   * Predators and prey at the times of recording, each time after the first event at or past it. A
   * run of too many events is all not-a-number.
   */
  static double[][] states(double[] logRates, long[] start, long events, RandomGenerator random) {
    double[] rates = Arrays.stream(logRates).map(Math::exp).toArray();
    double[][] out = new double[2][RECORDS];
    double predators = start[0];
    double prey = start[1];
    double time = 0;
    long happened = 0;
    for (int i = 0; i < RECORDS; i++) {
      while (time < i * INTERVAL) {
        double meetings = predators * prey;
        double birth = rates[0] * meetings;
        double death = rates[1] * predators;
        double preyBirth = rates[2] * prey;
        double preyDeath = rates[3] * meetings;
        double total = birth + death + preyBirth + preyDeath;
        if (total == 0) {
          time = Double.POSITIVE_INFINITY; // nobody is left, and nothing happens any more
          break;
        }
        if (++happened > events) {
          Arrays.fill(out[0], Double.NaN);
          Arrays.fill(out[1], Double.NaN);
          return out;
        }
        time += random.nextExponential() / total;
        double which = total * random.nextDouble();
        if (which < birth) {
          predators++;
        } else if (which < birth + death) {
          predators--;
        } else if (which < birth + death + preyBirth) {
          prey++;
        } else if (prey > 0) { // else the sum of the rates was rounded
          prey--;
        }
      }
      out[0][i] = predators;
      out[1][i] = prey;
    }
    return out;
  }

  /** Before standardisation. */
  static double[] summaries(double[] x, double[] y) {
    double[] zx = x.clone();
    double[] zy = y.clone();
    double[] first = standardise(zx);
    double[] second = standardise(zy);
    return new double[] {
      first[0],
      second[0],
      Math.log(first[1] + 1),
      Math.log(second[1] + 1),
      product(zx, zx, 1),
      product(zx, zx, 2),
      product(zy, zy, 1),
      product(zy, zy, 2),
      product(zx, zy, 0),
    };
  }

  /** In place; the mean and the variance that it had. */
  private static double[] standardise(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance =
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] - mean) / Math.sqrt(variance);
    }
    return new double[] {mean, variance};
  }

  private static double product(double[] a, double[] b, int lag) {
    double sum = 0;
    for (int i = lag; i < a.length; i++) {
      sum += a[i - lag] * b[i];
    }
    return sum / (a.length - 1);
  }
}
