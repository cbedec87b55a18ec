package org.thalweg.toolkit.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;

class PriorsTest {
  private static final int DRAWS = 40_000;

  /** The trapezoidal rule over a range that holds all but 1e-9 of the mass. */
  private static double mass(Marginal marginal, double low, double high) {
    int n = 200_000;
    double step = (high - low) / n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(marginal.logDensity(low + (i + 0.5) * step));
    }
    return sum * step;
  }

  @Test
  void marginalsIntegrateToOne() {
    assertEquals(1, mass(new Marginal.Uniform(-3, 4), -5, 6), 1e-4);
    assertEquals(1, mass(new Marginal.Normal(2, 0.3), 0, 4), 1e-8);
    assertEquals(1, mass(new Marginal.LogNormal(-0.125, 0.5), 0, 40), 1e-6);
  }

  @Test
  void momentsAreThoseOfTheClosedForm() {
    Prior prior =
        IndependentPrior.of("u", new Marginal.Uniform(-1, 3))
            .and("n", new Marginal.Normal(2, 0.5))
            .and("l", new Marginal.LogNormal(Math.log(0.4), 0.5));
    Matrix draws = prior.sample(DRAWS, new Seed(1));
    double[] means = {1, 2, 0.4 * Math.exp(0.125)};
    double[] variances = {
      16.0 / 12, 0.25, 0.16 * Math.exp(0.25) * (Math.exp(0.25) - 1),
    };
    for (int j = 0; j < 3; j++) {
      double[] column = draws.column(j);
      double mean = mean(column);
      assertEquals(means[j], mean, 4 * Math.sqrt(variances[j] / DRAWS), "mean " + j);
      double spread = 0;
      for (double value : column) {
        spread += (value - mean) * (value - mean) / DRAWS;
      }
      assertEquals(variances[j], spread, 0.05 * variances[j], "variance " + j);
    }
  }

  @Test
  void covarianceIsRecovered() {
    Matrix covariance = Matrix.of(new double[] {2, 0.6}, new double[] {0.6, 0.5});
    Prior prior =
        MultivariateNormal.ofCovariance(List.of("a", "b"), new double[] {1, -1}, covariance);
    Matrix draws = prior.sample(DRAWS, new Seed(2));
    double product = 0;
    for (int i = 0; i < DRAWS; i++) {
      product += (draws.get(i, 0) - 1) * (draws.get(i, 1) + 1) / DRAWS;
    }
    assertEquals(0.6, product, 0.03);
    // The density by its formula with the inverse written out: det = 0.64.
    double x = 0.3;
    double y = 0.2;
    double quadratic = (0.5 * x * x - 2 * 0.6 * x * y + 2 * y * y) / 0.64;
    double expected = -0.5 * quadratic - Math.log(2 * Math.PI) - 0.5 * Math.log(0.64);
    assertEquals(expected, prior.logDensity(Matrix.of(new double[] {1.3, -0.8}))[0], 1e-12);
  }

  @Test
  void productsAddLogDensitiesAndKeepTheOrder() {
    Prior first = IndependentPrior.repeated("u", 2, new Marginal.Uniform(0, 2));
    Prior second = IndependentPrior.of("n", new Marginal.Normal(0, 1));
    Prior product = new ProductPrior(List.of(first, second));
    assertEquals(
        List.of("u_1", "u_2", "n"), product.parameters().stream().map(b -> b.name()).toList());
    double[] values =
        product.logDensity(Matrix.of(new double[] {1, 0.5, 0}, new double[] {1, 2.5, 0}));
    assertArrayEquals(
        new double[] {
          -2 * Math.log(2) - 0.5 * Math.log(2 * Math.PI), Double.NEGATIVE_INFINITY,
        },
        values,
        1e-12);
    Matrix draws = product.sample(500, new Seed(3));
    for (double value : product.logDensity(draws)) {
      assertTrue(Double.isFinite(value));
    }
    assertArrayEquals(draws.values(), product.sample(500, new Seed(3)).values());
  }

  @Test
  void supportsAreDeclared() {
    Prior prior =
        IndependentPrior.of("u", new Marginal.Uniform(-1, 3))
            .and("n", new Marginal.Normal(2, 0.5))
            .and("l", new Marginal.LogNormal(0, 1));
    assertEquals(
        List.of(new Support.Interval(-1, 3), Support.REAL, new Support.Above(0)),
        prior.parameters().stream().map(b -> b.support()).toList());
  }

  @Test
  void refusesAFixedParameterAndOtherNonsense() {
    ThalwegException fixed =
        assertThrows(ThalwegException.class, () -> new Marginal.Uniform(0.5, 0.5));
    assertTrue(fixed.getMessage().contains("0.5 is fixed"), fixed.getMessage());
    assertThrows(ThalwegException.class, () -> new Marginal.Normal(1, 0));
    assertThrows(ThalwegException.class, () -> new Marginal.Normal(1, Double.NaN));
    assertThrows(ThalwegException.class, () -> new Marginal.Uniform(3, 1));
    assertThrows(
        ThalwegException.class,
        () ->
            IndependentPrior.of("a", new Marginal.Uniform(0, 1))
                .and("a", new Marginal.Normal(0, 1)));
    assertThrows(
        ThalwegException.class,
        () ->
            MultivariateNormal.ofCovariance(
                List.of("a", "b"),
                new double[2],
                Matrix.of(new double[] {1, 2}, new double[] {2, 1})));
    assertThrows(
        ThalwegException.class,
        () -> IndependentPrior.of("a", new Marginal.Uniform(0, 1)).logDensity(Matrix.zeros(1, 2)));
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
