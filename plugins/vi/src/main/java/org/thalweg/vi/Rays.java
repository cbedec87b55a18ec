package org.thalweg.vi;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.data.Matrix;

/**
 * Directions in which a density may never fall: the axes, the eigenvectors of the covariance that
 * the walks have found, and those of the curvature, as a density that is the same all along a line
 * has no curvature along it, wherever one looks.
 */
final class Rays {
  /** More dimensions are looked at along the axes alone. */
  private static final int MOST = 300;

  /** Less of the largest curvature than this is rounding. */
  private static final double LEAST = 1e-6;

  private static final int CHUNK = 200;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final Frame frame;
  private final double[] middle;

  /** {@code [R, R]}: minus what the gradient along i changes by along j, over the distance. */
  private final Matrix curvature;

  private final double[] scales;

  /**
   * Rays around the middle of a frame.
   *
   * @param frame that of the walks, its covariances included
   */
  Rays(RealTarget target, Frame frame) {
    this.frame = frame;
    int d = frame.dimension();
    middle = frame.shift().clone();
    scales = new double[d];
    Frame own = frame.diagonal();
    for (int i = 0; i < d; i++) {
      scales[i] = own.factor().get(i, i);
      // Not where all numbers are equal: a hierarchy's density may be infinite there, and proper.
      middle[i] += scales[i] * ((i + 1) * GOLDEN % 1 - 0.5);
    }
    curvature = d > MOST ? Matrix.zeros(d, d) : curvature(target);
    for (int i = 0; i < d; i++) {
      // Walks that were cut short know less of the units than the slope here does.
      double bent = curvature.get(i, i);
      scales[i] = bent > 0 ? Math.max(scales[i], 1 / Math.sqrt(bent)) : scales[i];
    }
  }

  /** Where they begin. */
  double[] middle() {
    return middle;
  }

  /** Along each axis, a deviation long or 1, whichever is more. */
  List<double[]> axes() {
    List<double[]> out = new ArrayList<>();
    for (int j = 0; j < scales.length; j++) {
      double[] ray = new double[scales.length];
      ray[j] = Math.max(1, scales[j]);
      out.add(ray);
    }
    return out;
  }

  /** Others, as long as the density seems to reach there, or a deviation, or 1, the longest. */
  List<double[]> across() {
    List<double[]> out = new ArrayList<>();
    if (scales.length > MOST) {
      return out;
    }
    Eigenvectors spread = Eigenvectors.of(correlation());
    for (int k = 0; k < scales.length; k++) {
      out.add(ray(spread.vectors().row(k), Math.sqrt(Math.max(0, spread.values()[k]))));
    }
    Eigenvectors bent = Eigenvectors.of(squaredCurvature());
    double most = Math.sqrt(max(bent.values()));
    for (int k = 0; k < scales.length; k++) {
      double curvature = Math.sqrt(Math.max(0, bent.values()[k]));
      double length = curvature > LEAST * most ? 1 / Math.sqrt(curvature) : 1;
      out.add(ray(bent.vectors().row(k), length));
    }
    return out;
  }

  private static double max(double[] values) {
    double most = 0;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return most;
  }

  /** In the units of the reals, of a direction in deviations. */
  private double[] ray(double[] direction, double length) {
    double square = 0;
    for (int i = 0; i < direction.length; i++) {
      square += Math.pow(direction[i] * scales[i], 2);
    }
    double times = Math.max(Math.max(1, length), 1 / Math.sqrt(square));
    double[] out = direction.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] *= scales[i] * times;
    }
    return out;
  }

  private Matrix correlation() {
    int d = scales.length;
    Matrix out = Matrix.zeros(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double sum = 0;
        for (int k = 0; k <= Math.min(i, j); k++) {
          sum += frame.factor().get(i, k) * frame.factor().get(j, k);
        }
        out.values()[i * d + j] = sum / (scales[i] * scales[j]);
      }
    }
    return out;
  }

  /** C C' of the curvature C in deviations: a line without any has none of its square. */
  private Matrix squaredCurvature() {
    int d = scales.length;
    Matrix out = Matrix.zeros(d, d);
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
          sum += curvature.get(i, k) * curvature.get(j, k) * scales[k] * scales[k];
        }
        out.values()[i * d + j] = sum * scales[i] * scales[j];
      }
    }
    return out;
  }

  /** By gradients a deviation to both sides of the middle, along each axis. */
  private Matrix curvature(RealTarget target) {
    int d = scales.length;
    Matrix points = Matrix.zeros(2 * d, d);
    for (int row = 0; row < 2 * d; row++) {
      System.arraycopy(middle, 0, points.values(), row * d, d);
      int axis = row / 2;
      points.values()[row * d + axis] += (row % 2 == 0 ? 1 : -1) * scales[axis];
    }
    Matrix gradients = gradients(target, points);
    Matrix out = Matrix.zeros(d, d);
    for (int axis = 0; axis < d; axis++) {
      boolean usable = gradients.finite(2 * axis) && gradients.finite(2 * axis + 1);
      for (int i = 0; usable && i < d; i++) {
        double change = gradients.get(2 * axis + 1, i) - gradients.get(2 * axis, i);
        out.values()[i * d + axis] = change / (2 * scales[axis]);
      }
    }
    return out;
  }

  private static Matrix gradients(RealTarget target, Matrix points) {
    Matrix out = Matrix.zeros(points.rows(), points.columns());
    for (int from = 0; from < points.rows(); from += CHUNK) {
      Matrix some = points.slice(from, Math.min(points.rows(), from + CHUNK));
      double[] values = target.slopes(some).gradients().values();
      System.arraycopy(values, 0, out.values(), from * points.columns(), values.length);
    }
    return out;
  }
}
