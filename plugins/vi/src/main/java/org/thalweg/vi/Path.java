package org.thalweg.vi;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;

/**
 * A walk uphill by the method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal and Wright, 2006,
 * algorithm 6.1), whose every stop has a normal approximation of the target: its mean is Newton's
 * step from there, its covariance the inverse of the curvature that the walk has met (Zhang and
 * others, 2022, "Pathfinder", section 3).
 */
final class Path {
  private static final int STEPS = 150;
  private static final double SUFFICIENT = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int TRIALS = 25;

  /**
   * A stop with its approximation.
   *
   * @param mean {@code [R]}
   * @param covariance {@code [R, R]}
   */
  record Stop(double[] mean, Matrix covariance) {}

  private record Point(double[] y, double value, double[] gradient) {}

  private final RealTarget target;
  private final int dimension;

  Path(RealTarget target) {
    this.target = target;
    this.dimension = target.dimension();
  }

  /** The stops from a start where the target is finite. */
  List<Stop> walk(double[] start) {
    List<Stop> stops = new ArrayList<>();
    Point at = at(start);
    Matrix inverse = Matrix.zeros(dimension, dimension);
    reset(inverse, 1 / Math.max(1, norm(at.gradient())));
    double precision = target.engine().dataType() == DataType.FLOAT32 ? 1e-6 : 1e-9;
    boolean fresh = true;
    boolean doubted = false;
    for (int step = 0; step < STEPS; step++) {
      Point next = search(at, times(inverse, at.gradient()));
      double gained = next.value() - at.value();
      if (next != at) {
        update(inverse, at, next, fresh);
        fresh = false;
        at = next;
        stops.add(stop(at, inverse));
      }
      if (gained > precision * (1 + Math.abs(at.value()))) {
        doubted = false;
      } else if (doubted) {
        break;
      } else {
        // What has not been walked along yet may be long: one more step, along the slope.
        doubted = true;
        lengthen(inverse, at.gradient());
      }
    }
    return stops;
  }

  private Stop stop(Point at, Matrix inverse) {
    double[] mean = times(inverse, at.gradient());
    for (int i = 0; i < dimension; i++) {
      mean[i] += at.y()[i];
    }
    return new Stop(mean, new Matrix(dimension, dimension, inverse.values().clone()));
  }

  /** Adds a unit step along the slope to what is tried next. */
  private void lengthen(Matrix inverse, double[] gradient) {
    double cube = Math.pow(Math.max(norm(gradient), 1e-100), 3);
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        inverse.values()[i * dimension + j] += gradient[i] * gradient[j] / cube;
      }
    }
  }

  private Point at(double[] y) {
    RealTarget.Slopes slopes = target.slopes(Matrix.of(y));
    return new Point(y, slopes.values()[0], slopes.gradients().row(0));
  }

  /** A step that gains enough and where the slope has fallen enough, or the point itself. */
  private Point search(Point from, double[] direction) {
    double slope = dot(direction, from.gradient());
    if (!(slope > 0)) {
      return from;
    }
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double length = 1;
    Point best = from;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] y = from.y().clone();
      for (int i = 0; i < dimension; i++) {
        y[i] += length * direction[i];
      }
      Point point = at(y);
      boolean usable = Double.isFinite(point.value()) && Double.isFinite(norm(point.gradient()));
      if (!usable || point.value() < from.value() + SUFFICIENT * length * slope) {
        high = length;
      } else {
        best = point;
        if (dot(direction, point.gradient()) <= CURVATURE * slope) {
          return point;
        }
        low = length;
      }
      length = Double.isInfinite(high) ? 2 * length : (low + high) / 2;
    }
    return best;
  }

  /** The update of the inverse curvature; left out where the curvature is not that of a hill. */
  private void update(Matrix inverse, Point from, Point to, boolean fresh) {
    double[] s = new double[dimension];
    double[] z = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      s[i] = to.y()[i] - from.y()[i];
      z[i] = from.gradient()[i] - to.gradient()[i];
    }
    double product = dot(s, z);
    if (!(product > 1e-12 * norm(s) * norm(z))) {
      return;
    }
    if (fresh) {
      reset(inverse, product / dot(z, z));
    }
    double[] hz = times(inverse, z);
    double factor = (1 + dot(z, hz) / product) / product;
    double[] h = inverse.values();
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        h[i * dimension + j] += factor * s[i] * s[j] - (hz[i] * s[j] + s[i] * hz[j]) / product;
      }
    }
  }

  private void reset(Matrix inverse, double scale) {
    Arrays.fill(inverse.values(), 0);
    for (int i = 0; i < dimension; i++) {
      inverse.values()[i * dimension + i] = scale;
    }
  }

  private double[] times(Matrix a, double[] x) {
    double[] out = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        out[i] += a.get(i, j) * x[j];
      }
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
