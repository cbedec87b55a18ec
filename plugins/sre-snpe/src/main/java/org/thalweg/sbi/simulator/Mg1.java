package org.thalweg.sbi.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Bound;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * A queue with one server: 50 customers arrive at a constant rate and are served for a time that is
 * uniform between two ends. The data are five quantiles of the times between departures, whitened.
 *
 * <p>Set up, with the constants of whitening, as by Papamakarios and Murray (2016), whose pilot run
 * of 100,000 simulations made them.
 */
final class Mg1 {
  static final SimulatorProvider<NoOptions> PROVIDER =
      new NamedSimulator<>(
          "mg1",
          "service times and arrival rate of a queue, from quantiles of the departures",
          "Papamakarios, Murray (2016), Fast epsilon-free Inference of Simulation Models, section"
              + " 4.3",
          new NoOptions(),
          o ->
              new Simulation(
                  new QueuePrior(),
                  Mg1::simulate,
                  List.of("summary_1", "summary_2", "summary_3", "summary_4", "summary_5")));

  private static final int CUSTOMERS = 50;
  private static final double[] MEAN = {
    5.6032343254, 16.1070322586, 32.5028981971, 57.740357989, 185.0788506613,
  };
  private static final double[][] ROTATION = {
    {0.0015709751, 0.0064377295, 0.9964273278, 0.029757086, 0.0787602945},
    {0.0524040806, -0.0629840588, -0.00952941, 0.9670835169, -0.2407186787},
    {0.1405825873, -0.504034896, 0.0745779887, -0.2422253052, -0.8136033339},
    {0.2599472447, -0.8081792277, -0.0384346466, 0.0631479064, 0.5232675088},
    {0.953894811, 0.2979710111, -0.0016347387, -0.0346876134, -0.0095949519},
  };
  private static final double[] SCALE = {
    1.018678e-4, 1.591219e-3, 7.44648628e-2, 8.8479356e-3, 1.54207892e-2,
  };

  private Mg1() {}

  private static double[] simulate(double[] parameters, Seed seed) {
    return whiten(quantiles(departures(parameters, seed)));
  }

  /** The times between departures, in order of the customers. */
  static double[] departures(double[] parameters, Seed seed) {
    RandomGenerator random = seed.generator();
    double[] out = new double[CUSTOMERS];
    double arrival = 0;
    double departure = 0;
    for (int i = 0; i < CUSTOMERS; i++) {
      arrival += random.nextExponential() / parameters[2];
      double service = parameters[0] + (parameters[1] - parameters[0]) * random.nextDouble();
      out[i] = service + Math.max(0, arrival - departure);
      departure += out[i];
    }
    return out;
  }

  /** Smallest, quartiles and largest, interpolated linearly. */
  static double[] quantiles(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] out = new double[5];
    for (int q = 0; q < 5; q++) {
      double position = q * (sorted.length - 1) / 4.0;
      int below = (int) position;
      int above = Math.min(below + 1, sorted.length - 1);
      out[q] = sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
    return out;
  }

  static double[] whiten(double[] quantiles) {
    double[] out = new double[5];
    for (int j = 0; j < 5; j++) {
      double sum = 0;
      for (int k = 0; k < 5; k++) {
        sum += (quantiles[k] - MEAN[k]) * ROTATION[k][j];
      }
      out[j] = sum * SCALE[j];
    }
    return out;
  }

  /** A sheared box: the shortest service, the longest at most 10 above it, the rate. */
  private static final class QueuePrior implements Prior {
    private static final double WIDTH = 10;
    private static final Prior BOX =
        IndependentPrior.of("shortest-service", new Marginal.Uniform(0, WIDTH))
            .and("spread", new Marginal.Uniform(0, WIDTH))
            .and("arrival-rate", new Marginal.Uniform(0, 1 / 3.0));

    @Override
    public List<ParameterBlock> parameters() {
      return List.of(
          new ParameterBlock("shortest-service", 1, new Support.Interval(0, WIDTH)),
          new ParameterBlock(
              "longest-service",
              1,
              Support.Dependent.between(Bound.line(0, 1, 0), Bound.line(WIDTH, 1, 0))),
          new ParameterBlock("arrival-rate", 1, new Support.Interval(0, 1 / 3.0)));
    }

    @Override
    public Matrix sample(int n, Seed seed) {
      Matrix out = BOX.sample(n, seed);
      for (int i = 0; i < n; i++) {
        out.values()[3 * i + 1] += out.values()[3 * i];
      }
      return out;
    }

    @Override
    public double[] logDensity(Matrix parameters) {
      if (parameters.columns() != 3) {
        throw ThalwegException.usage(
            "The prior is over 3 parameters, got rows of %d.", parameters.columns());
      }
      double[] box = parameters.values().clone();
      for (int i = 0; i < parameters.rows(); i++) {
        box[3 * i + 1] -= box[3 * i];
      }
      return BOX.logDensity(new Matrix(parameters.rows(), 3, box));
    }
  }
}
