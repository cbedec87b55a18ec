package org.thalweg.sbi.simulator;

import java.util.random.RandomGenerator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * Prey and predators by differential equations, from 30 and 1, counted at times 0, 2.1, ..., 18.9
 * with a log-normal error of 0.1. The data are ten numbers of prey, then ten of predators.
 */
final class LotkaVolterra {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "lotka-volterra",
          "four rates of prey and predators by differential equations, from noisy counts",
          NamedSimulator.BENCHMARK + ".10",
          new NoOptions(),
          o ->
              new Simulation(
                  IndependentPrior.of("alpha", new Marginal.LogNormal(-0.125, 0.5))
                      .and("beta", new Marginal.LogNormal(-3, 0.5))
                      .and("gamma", new Marginal.LogNormal(-0.125, 0.5))
                      .and("delta", new Marginal.LogNormal(-3, 0.5)),
                  LotkaVolterra::simulate,
                  Columns.data(20)));

  private static final int TIMES = 10;

  private LotkaVolterra() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    double[][] states =
        Ode.solve(
            s ->
                new double[] {
                  s[0] * (parameters[0] - parameters[1] * s[1]),
                  s[1] * (parameters[3] * s[0] - parameters[2]),
                },
            new double[] {30, 1},
            2.1,
            TIMES,
            1e-7);
    RandomGenerator random = seed.generator();
    double[] out = new double[2 * TIMES];
    for (int species = 0; species < 2; species++) {
      for (int t = 0; t < TIMES; t++) {
        // The benchmark's limits: a species that is all but extinct still has a logarithm.
        double count = Math.min(Math.max(states[t][species], 1e-10), 1e4);
        out[species * TIMES + t] = count * Math.exp(0.1 * random.nextGaussian());
      }
    }
    return out;
  }
}
