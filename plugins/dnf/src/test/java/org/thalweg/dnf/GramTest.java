package org.thalweg.dnf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.Tape;

class GramTest {
  /** (a, b) to (a, b, a^2, sin a b). */
  private static NDArray curved(NDArray u) {
    NDArray a = u.get(new NDIndex(":, 0:1"));
    NDArray b = u.get(new NDIndex(":, 1:2"));
    return NDArrays.concat(new NDList(a, b, a.square(), a.mul(b).sin()), 1);
  }

  private static double[] curved(double a, double b) {
    return new double[] {a, b, a * a, Math.sin(a * b)};
  }

  @Test
  void gramMatricesAreThoseOfCentralDifferences() {
    double[] points = {0.3, -1.2, 1.5, 0.4, 0, 0};
    double[] expected = new double[12];
    double h = 1e-6;
    for (int i = 0; i < 3; i++) {
      double a = points[2 * i];
      double b = points[2 * i + 1];
      double[][] columns = {
        difference(curved(a + h, b), curved(a - h, b), h),
        difference(curved(a, b + h), curved(a, b - h), h)
      };
      for (int k = 0; k < 4; k++) {
        for (int j = 0; j < 4; j++) {
          expected[4 * i + k] += columns[k / 2][j] * columns[k % 2][j];
        }
      }
    }
    try (Tape tape = Manifolds.DOUBLE.newTape(Tape.Mode.SECOND_ORDER)) {
      NDArray u = tape.constant(points, new Shape(3, 2));
      NDArray gram = Gram.matrices(tape, u, GramTest::curved);
      assertArrayEquals(expected, Manifolds.DOUBLE.hostView(gram).toDoubles(), 1e-8);
    }
  }

  private static double[] difference(double[] up, double[] down, double h) {
    double[] out = new double[up.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (up[i] - down[i]) / (2 * h);
    }
    return out;
  }

  @Test
  void logDeterminantsAreTheRulesOfSarrus() {
    double[] a = {4, 1, -0.5, 1, 3, 0.2, -0.5, 0.2, 2};
    double sarrus =
        a[0] * a[4] * a[8]
            + 2 * a[1] * a[5] * a[2]
            - a[2] * a[2] * a[4]
            - a[1] * a[1] * a[8]
            - a[5] * a[5] * a[0];
    double[] both = new double[18];
    System.arraycopy(a, 0, both, 0, 9);
    both[9] = 2;
    both[13] = 3;
    both[17] = 5;
    double[] log = Gram.logDeterminants(both, 3);
    assertEquals(Math.log(sarrus), log[0], 1e-12);
    assertEquals(Math.log(30), log[1], 1e-12);
  }
}
