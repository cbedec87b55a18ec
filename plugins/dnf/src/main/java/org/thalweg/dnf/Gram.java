package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.function.UnaryOperator;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * log det(J^T J) of a map from d to D numbers (eq. 1), by d Jacobian-vector products. A tape has
 * vector-Jacobian products alone; of one that is differentiable, the derivative with respect to its
 * cotangent is a Jacobian-vector product.
 */
public final class Gram {
  private Gram() {}

  /**
   * The Gram matrices of rows.
   *
   * @param tape in mode {@link Tape.Mode#SECOND_ORDER}
   * @param points {@code [N, d]}
   * @param map to {@code [N, D]}, row by row
   * @return {@code [N, d, d]}
   */
  public static NDArray matrices(Tape tape, NDArray points, UnaryOperator<NDArray> map) {
    NDArray u = tape.variable(points);
    NDArray x = map.apply(u);
    NDArray cotangent = tape.variable(x.onesLike());
    NDArray pulled = tape.vjp(new NDList(x), new NDList(cotangent), new NDList(u)).get(0);
    long n = points.getShape().get(0);
    int d = Math.toIntExact(points.getShape().get(1));
    NDList tangents = new NDList();
    for (int k = 0; k < d; k++) {
      NDArray direction = tape.constant(unit(n, d, k), points.getShape());
      NDArray pushed =
          tape.vjp(new NDList(pulled), new NDList(direction), new NDList(cotangent)).get(0);
      tangents.add(pushed.stopGradient().expandDims(1));
    }
    NDArray jacobian = Ops.concat(tangents, 1);
    return jacobian.matMul(jacobian.transpose(0, 2, 1));
  }

  private static double[] unit(long n, int d, int k) {
    double[] out = new double[Math.toIntExact(n * d)];
    for (int i = k; i < out.length; i += d) {
      out[i] = 1;
    }
    return out;
  }

  /**
   * The logarithms of the determinants of positive definite matrices.
   *
   * @param matrices {@code [N, d, d]}, row-major
   */
  public static double[] logDeterminants(double[] matrices, int d) {
    int n = matrices.length / (d * d);
    double[] out = new double[n];
    double[] a = new double[d * d];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrices, i * d * d, a, 0, d * d);
      out[i] = logDeterminant(a, d);
    }
    return out;
  }

  /** By Cholesky's factors, which replace the matrix. */
  private static double logDeterminant(double[] a, int d) {
    double log = 0;
    for (int j = 0; j < d; j++) {
      for (int i = j; i < d; i++) {
        double value = a[i * d + j];
        for (int k = 0; k < j; k++) {
          value -= a[i * d + k] * a[j * d + k];
        }
        if (i == j) {
          // Rounding alone takes a pivot to 0: the map is flat there to all digits that there are.
          a[j * d + j] = Math.sqrt(Math.max(value, Double.MIN_NORMAL));
          log += 2 * Math.log(a[j * d + j]);
        } else {
          a[i * d + j] = value / a[j * d + j];
        }
      }
    }
    return log;
  }
}
