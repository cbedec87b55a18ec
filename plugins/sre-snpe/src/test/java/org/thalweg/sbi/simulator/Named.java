package org.thalweg.sbi.simulator;

import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/** Simulators as a user asks for them. */
final class Named {
  private Named() {}

  static Simulation simulation(String name, Map<String, ?> options) {
    return Simulators.all().stream()
        .filter(p -> p.name().equals(name))
        .map(p -> create(p, options))
        .findFirst()
        .orElseThrow();
  }

  private static <C extends Record> Simulation create(
      SimulatorProvider<C> provider, Map<String, ?> options) {
    return provider.create(ConfigBinder.bind(provider.defaults(), options));
  }

  /** Many simulations at one parameter. */
  static Matrix repeat(String name, int n, double... parameters) {
    double[][] rows = new double[n][];
    java.util.Arrays.fill(rows, parameters);
    return simulation(name, Map.of()).simulator().simulate(Matrix.of(rows), new Seed(7));
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  static double covariance(double[] a, double[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - meanA) * (b[i] - meanB);
    }
    return sum / (a.length - 1);
  }

  /** Runge and Kutta's classical method, with a small fixed step: another solver than ours. */
  static double[] solve(Ode.Field field, double[] start, double time, int steps) {
    double[] y = start.clone();
    double h = time / steps;
    for (int s = 0; s < steps; s++) {
      double[] k1 = field.derivative(y);
      double[] k2 = field.derivative(along(y, k1, h / 2));
      double[] k3 = field.derivative(along(y, k2, h / 2));
      double[] k4 = field.derivative(along(y, k3, h));
      for (int i = 0; i < y.length; i++) {
        y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
      }
    }
    return y;
  }

  private static double[] along(double[] y, double[] k, double h) {
    double[] out = y.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += h * k[i];
    }
    return out;
  }
}
