package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;

class EigenvectorsTest {
  /** A v = lambda v, and vectors at right angles, of a matrix with a null direction. */
  @Test
  void theyAreWhatTheyAreDefinedAs() {
    int n = 7;
    SplittableRandom random = new SplittableRandom(5);
    Matrix half = Matrix.zeros(n, n - 1);
    for (int i = 0; i < half.values().length; i++) {
      half.values()[i] = random.nextGaussian() * Math.pow(10, i % 3);
    }
    Matrix a = Matrix.zeros(n, n);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n - 1; k++) {
          a.values()[i * n + j] += half.get(i, k) * half.get(j, k);
        }
      }
      trace += a.get(i, i);
    }
    Eigenvectors found = Eigenvectors.of(a);
    double least = trace;
    for (int p = 0; p < n; p++) {
      least = Math.min(least, found.values()[p]);
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += a.get(i, j) * found.vectors().get(p, j);
        }
        assertEquals(found.values()[p] * found.vectors().get(p, i), sum, 1e-12 * trace);
      }
      for (int q = 0; q < n; q++) {
        double product = 0;
        for (int i = 0; i < n; i++) {
          product += found.vectors().get(p, i) * found.vectors().get(q, i);
        }
        assertEquals(p == q ? 1 : 0, product, 1e-13);
      }
    }
    assertEquals(0, least, 1e-12 * trace);
  }
}
