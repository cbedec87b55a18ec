package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * The units that an approximation is trained in: {@code y = shift + L u}, fixed before training, so
 * that u is near a standard normal whatever the units of the parameters. The approximation is a
 * density of u.
 *
 * @param shift {@code [R]}
 * @param factor L {@code [R, R]}, lower triangular with a positive diagonal
 */
record Frame(double[] shift, Matrix factor) {
  /** The reals themselves. */
  static Frame identity(int dimension) {
    return diagonal(new double[dimension], Matrix.zeros(1, dimension), 1);
  }

  /** The same without what coordinates have to do with each other: their deviations alone. */
  Frame diagonal() {
    Matrix deviations = Matrix.zeros(1, dimension());
    for (int i = 0; i < dimension(); i++) {
      double square = 0;
      for (int j = 0; j <= i; j++) {
        square += factor.get(i, j) * factor.get(i, j);
      }
      deviations.values()[i] = Math.sqrt(square);
    }
    return diagonal(shift, deviations, 0);
  }

  private static Frame diagonal(double[] shift, Matrix deviations, double more) {
    int dimension = shift.length;
    Matrix factor = Matrix.zeros(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      factor.values()[i * dimension + i] = deviations.get(0, i) + more;
    }
    return new Frame(shift, factor);
  }

  /** Draws u {@code [n, R]} of independent standard normals. */
  static Matrix standardNormal(int n, int dimension, SplittableRandom random) {
    Matrix u = Matrix.zeros(n, dimension);
    for (int i = 0; i < u.values().length; i++) {
      u.values()[i] = random.nextGaussian();
    }
    return u;
  }

  /** The log-density over y, in nats, where u {@code [n, R]} is standard normal. */
  double[] logNormal(Matrix u) {
    double constant = -0.5 * dimension() * Math.log(2 * Math.PI) - logAbsDet();
    double[] out = new double[u.rows()];
    for (int row = 0; row < out.length; row++) {
      double square = 0;
      for (int i = 0; i < dimension(); i++) {
        square += u.get(row, i) * u.get(row, i);
      }
      out[row] = constant - 0.5 * square;
    }
    return out;
  }

  /** R. */
  int dimension() {
    return shift.length;
  }

  /** log |det dy/du|. */
  double logAbsDet() {
    double sum = 0;
    for (int i = 0; i < dimension(); i++) {
      sum += Math.log(factor.get(i, i));
    }
    return sum;
  }

  /** y {@code [N, R]} of u {@code [N, R]}. */
  NDArray apply(Tape tape, NDArray u) {
    Matrix transposed = Matrix.zeros(dimension(), dimension());
    for (int i = 0; i < dimension(); i++) {
      for (int j = 0; j <= i; j++) {
        transposed.values()[j * dimension() + i] = factor.get(i, j);
      }
    }
    return u.matMul(RealTarget.constant(tape, transposed))
        .add(tape.constant(shift, new Shape(1, dimension())));
  }

  /** The same in double precision. */
  Matrix apply(Matrix u) {
    Matrix y = Matrix.zeros(u.rows(), dimension());
    for (int row = 0; row < u.rows(); row++) {
      for (int i = 0; i < dimension(); i++) {
        double sum = shift[i];
        for (int j = 0; j <= i; j++) {
          sum += factor.get(i, j) * u.get(row, j);
        }
        y.values()[row * dimension() + i] = sum;
      }
    }
    return y;
  }

  /** u of y, by substitution. */
  Matrix invert(Matrix y) {
    Matrix u = Matrix.zeros(y.rows(), dimension());
    for (int row = 0; row < y.rows(); row++) {
      for (int i = 0; i < dimension(); i++) {
        double left = y.get(row, i) - shift[i];
        for (int j = 0; j < i; j++) {
          left -= factor.get(i, j) * u.get(row, j);
        }
        u.values()[row * dimension() + i] = left / factor.get(i, i);
      }
    }
    return u;
  }

  void save(ModelWriter writer) {
    writer.tensor("frame.shift", Tensor.of(shift, dimension()));
    writer.tensor("frame.factor", Tensor.of(factor.values(), dimension(), dimension()));
  }

  static Frame load(ModelReader reader, int dimension) {
    return new Frame(
        reader.tensor("frame.shift").toDoubles(),
        new Matrix(dimension, dimension, reader.tensor("frame.factor").toDoubles()));
  }
}
