package org.thalweg.sbi.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.ChainDiagnostics;

/** Samplers on densities whose moments are known. */
class SamplersTest {
  private record Of(int dimension, ToDoubleFunction<double[]> log, double step)
      implements DifferentiablePotential {
    @Override
    public double[] logDensity(int[] chains, double[] points) {
      double[] out = new double[chains.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = log.applyAsDouble(Arrays.copyOfRange(points, i * dimension, (i + 1) * dimension));
      }
      return out;
    }

    @Override
    public Gradient gradient(int[] chains, double[] points) {
      double[] slopes = new double[points.length];
      for (int i = 0; i < points.length; i++) {
        double[] up = points.clone();
        double[] down = points.clone();
        up[i] += step;
        down[i] -= step;
        int row = i / dimension;
        slopes[i] = (logDensity(chains, up)[row] - logDensity(chains, down)[row]) / (2 * step);
      }
      return new Gradient(logDensity(chains, points), slopes);
    }
  }

  private static Of correlated() {
    double rho = 0.9;
    return new Of(
        2, x -> -0.5 * (x[0] * x[0] - 2 * rho * x[0] * x[1] + x[1] * x[1]) / (1 - rho * rho), 1e-5);
  }

  private static double mean(double[][] chains) {
    return Arrays.stream(chains).flatMapToDouble(Arrays::stream).average().orElseThrow();
  }

  private static double moment(double[][] a, double[][] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      for (int i = 0; i < a[c].length; i++) {
        sum += a[c][i] * b[c][i] / (a.length * a[c].length);
      }
    }
    return sum;
  }

  /** Means, variances and correlation within five Monte-Carlo errors; the chains have met. */
  private static void correlated(Chains chains) {
    double[][] x = chains.coordinate(0);
    double[][] y = chains.coordinate(1);
    double error = 5 / Math.sqrt(ChainDiagnostics.of(x).bulkEss());
    assertEquals(0, mean(x), error);
    assertEquals(0, mean(y), error);
    assertEquals(1, moment(x, x), error * Math.sqrt(2));
    assertEquals(1, moment(y, y), error * Math.sqrt(2));
    assertEquals(0.9, moment(x, y), error * Math.sqrt(2));
    assertTrue(ChainDiagnostics.of(x).rHat() < 1.02);
  }

  @Test
  void sliceOnACorrelatedNormal() {
    var sampler = new SliceSampler(correlated(), 50, 5, 1);
    Chains chains = sampler.run(Matrix.zeros(50, 2), 200, new Seed(1));
    correlated(chains);
    Chains again = sampler.run(Matrix.zeros(50, 2), 200, new Seed(1));
    assertArrayEquals(chains.together().values(), again.together().values());
  }

  @Test
  void hamiltonianOnACorrelatedNormal() {
    var sampler = new HamiltonianSampler(correlated(), 200, 2, 16);
    Chains chains = sampler.run(Matrix.zeros(20, 2), 300, new Seed(2));
    correlated(chains);
    assertTrue(chains.acceptance() > 0.6 && chains.acceptance() < 0.98, "" + chains.acceptance());
  }

  /** A standard normal between 0 and 1 in one coordinate; the moments by quadrature. */
  @Test
  void sliceInABox() {
    double mass = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < 10_000; i++) {
      double x = (i + 0.5) / 10_000;
      mass += Math.exp(-0.5 * x * x);
      first += x * Math.exp(-0.5 * x * x);
      second += x * x * Math.exp(-0.5 * x * x);
    }
    var box =
        new Of(
            2,
            x ->
                x[0] > 0 && x[0] < 1
                    ? -0.5 * (x[0] * x[0] + x[1] * x[1])
                    : Double.NEGATIVE_INFINITY,
            1e-5);
    Matrix start = Matrix.zeros(50, 2);
    for (int c = 0; c < 50; c++) {
      start.values()[2 * c] = 0.5;
    }
    Chains chains = new SliceSampler(box, 20, 2, 1).run(start, 200, new Seed(3));
    double[][] x = chains.coordinate(0);
    assertEquals(first / mass, mean(x), 0.02);
    assertEquals(second / mass, moment(x, x), 0.02);
    assertTrue(Arrays.stream(x).flatMapToDouble(Arrays::stream).allMatch(v -> v > 0 && v < 1));
    assertEquals(1, moment(chains.coordinate(1), chains.coordinate(1)), 0.08);
  }

  /** A mixture of 0.3 at -3 and 0.7 at 3: wide brackets jump along the axis. */
  @Test
  void sliceBetweenModes() {
    var mixture =
        new Of(
            1,
            x ->
                Math.log(
                    0.3 * Math.exp(-0.5 * Math.pow((x[0] + 3) / 0.5, 2))
                        + 0.7 * Math.exp(-0.5 * Math.pow((x[0] - 3) / 0.5, 2))
                        + 1e-300),
            1e-5);
    Matrix start = Matrix.zeros(100, 1);
    for (int c = 0; c < 100; c++) {
      start.values()[c] = c % 2 == 0 ? -3 : 3;
    }
    Chains chains = new SliceSampler(mixture, 0, 1, 8).run(start, 400, new Seed(4));
    assertEquals(0.7 * 3 - 0.3 * 3, mean(chains.coordinate(0)), 0.1);
  }

  /** Resampling by weights turns draws of N(0, 1) into draws of N(1, 0.5^2). */
  @Test
  void resampling() {
    var random = new Seed(5).generator();
    int n = 200_000;
    double[] points = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = random.nextGaussian();
      points[i] = x;
      weights[i] = -0.5 * Math.pow((x - 1) / 0.5, 2) - Math.log(0.5) + 0.5 * x * x;
    }
    var weighted = new WeightedDraws(new Matrix(n, 1, points), weights);
    Matrix chosen = weighted.resample(20_000, new Seed(6));
    double mean = Arrays.stream(chosen.values()).average().orElseThrow();
    double square = Arrays.stream(chosen.values()).map(v -> v * v).average().orElseThrow();
    assertEquals(1, mean, 0.02);
    assertEquals(1.25, square, 0.04);
    assertEquals(0, weighted.logMean(), 0.02);
    // E[w]^2 / E[w^2] for these two normals, by quadrature.
    double squares = 0;
    for (double x = -6; x < 8; x += 1e-3) {
      double target = Math.exp(-0.5 * Math.pow((x - 1) / 0.5, 2)) / (0.5 * Math.sqrt(2 * Math.PI));
      double proposal = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
      squares += 1e-3 * target * target / proposal;
    }
    assertEquals(n / squares, weighted.effective(), 0.03 * n / squares);
    int third = n / 3;
    var parts =
        WeightedDraws.together(
            List.of(part(points, weights, 0, third), part(points, weights, third, n)));
    assertEquals(weighted.effective(), parts.effective(), 1e-6 * n);
    assertArrayEquals(
        chosen.values(), parts.resample(20_000, new Seed(6)).values(), 0, "the same, in two parts");
  }

  private static WeightedDraws part(double[] points, double[] weights, int from, int to) {
    return new WeightedDraws(
        new Matrix(to - from, 1, Arrays.copyOfRange(points, from, to)),
        Arrays.copyOfRange(weights, from, to));
  }

  /** Rejection from N(0, 1) to N(1, 0.5^2), whose bound it has to find by itself. */
  @Test
  void rejection() {
    var sampler =
        new RejectionSampler(
            (n, seed) -> {
              var random = seed.generator();
              double[] points = new double[n];
              double[] weights = new double[n];
              for (int i = 0; i < n; i++) {
                double x = random.nextGaussian();
                points[i] = x;
                weights[i] = -0.5 * Math.pow((x - 1) / 0.5, 2) + 0.5 * x * x;
              }
              return new WeightedDraws(new Matrix(n, 1, points), weights);
            },
            1000,
            1_000_000);
    RejectionSampler.Kept kept = sampler.draw(20_000, new Seed(7));
    double[] x = kept.points().values();
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertEquals(20_000, x.length);
    assertEquals(1, mean, 0.02);
    assertEquals(0.25, variance, 0.015);
    // The largest ratio is at x = 4/3; its inverse, normalised, is the acceptance.
    double highest = -0.5 * Math.pow((4 / 3.0 - 1) / 0.5, 2) + 0.5 * 16 / 9;
    assertEquals(0.5 / Math.exp(highest), kept.acceptance(), 0.01);
  }
}
