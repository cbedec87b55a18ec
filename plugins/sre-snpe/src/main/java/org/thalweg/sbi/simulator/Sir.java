package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * An epidemic among a million, one of them infected at day 0. On days 0, 17, ..., 153 a thousand
 * are tested; the data are the numbers of those found infected.
 */
final class Sir {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "sir",
          "the rates of contact and recovery in an epidemic, from ten samples of a thousand",
          NamedSimulator.BENCHMARK + ".9",
          new NoOptions(),
          o ->
              new Simulation(
                  IndependentPrior.of("beta", new Marginal.LogNormal(Math.log(0.4), 0.5))
                      .and("gamma", new Marginal.LogNormal(Math.log(0.125), 0.2)),
                  Sir::simulate,
                  Columns.data(10)));

  private static final double POPULATION = 1e6;
  private static final int TESTED = 1000;

  private Sir() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    double beta = parameters[0];
    double gamma = parameters[1];
    // Those recovered follow from the other two.
    double[][] states =
        Ode.solve(
            s -> {
              double infections = beta * s[0] * s[1] / POPULATION;
              return new double[] {-infections, infections - gamma * s[1]};
            },
            new double[] {POPULATION - 1, 1},
            17,
            10,
            1e-6);
    RandomGenerator random = seed.generator();
    double[] out = new double[10];
    for (int i = 0; i < out.length; i++) {
      double share = states[i][1] / POPULATION;
      for (int person = 0; person < TESTED; person++) {
        if (random.nextDouble() < share) {
          out[i]++;
        }
      }
    }
    return out;
  }
}
