package org.thalweg.bench.vmonf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;

class AgreementTest {
  /** Counted by hand: 1 pair together in both, 2 in one, 1 in the other, of 6; expected 1 / 3. */
  @Test
  void adjustedRandOfFourRows() {
    Agreement agreement = Agreement.of(new int[] {0, 0, 1, 1}, new int[] {0, 0, 1, 2});
    assertEquals((1 - 1.0 / 3) / (1.5 - 1.0 / 3), agreement.adjustedRand(), 1e-12);
    assertEquals(0.75, agreement.oneToOne(), 1e-12);
  }

  @Test
  void renamedClustersAgree() {
    Agreement agreement = Agreement.of(new int[] {0, 1, 2, 0, 1}, new int[] {2, 0, 1, 2, 0});
    assertEquals(1, agreement.adjustedRand(), 1e-12);
    assertEquals(1, agreement.oneToOne(), 1e-12);
  }

  /** Two far Gaussians: the mixture's density at a centre is half that of one. */
  @Test
  void aGaussianMixtureOfTwoFarClusters() {
    Clustered ring = Clustered.circles(4000, 1);
    double[] x = new double[4000];
    int[] clusters = new int[4000];
    for (int i = 0; i < 4000; i++) {
      clusters[i] = i % 2;
      // Noise of the circle's radius is none of a Gaussian's, but has a mean and a variance.
      x[i] = ring.rows().get(i, 0) + 50 * clusters[i];
    }
    Matrix rows = new Matrix(4000, 1, x);
    GaussianMixture mixture = GaussianMixture.fit(rows, clusters, 2, 0);
    double[] mean = new double[2];
    double[] square = new double[2];
    for (int i = 0; i < 4000; i++) {
      mean[clusters[i]] += x[i] / 2000;
      square[clusters[i]] += x[i] * x[i] / 2000;
    }
    double variance = square[1] - mean[1] * mean[1];
    double expected = Math.log(0.5) - 0.5 * Math.log(2 * Math.PI * variance);
    Matrix centre = new Matrix(1, 1, new double[] {mean[1]});
    assertEquals(expected, mixture.meanLogDensity(centre), 1e-6);
  }
}
