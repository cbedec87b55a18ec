package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Tape;

/**
 * Some rows as nets take them: standardised, with the Cholesky factors L of their errors. Features
 * that are not observed are 0, and have a factor of 1, which only sets the unit of what is drawn
 * for them.
 */
final class NoisyBatch {
  private final int size;
  private final int dimension;
  private final int contexts;
  private final double[] rows;
  private final double[] mask;
  private final double[] factors;
  private final boolean diagonal;
  private final double[] conditions;
  private final double[] context;

  private NoisyBatch(NoisyRows noisy, int size, int contexts, double[] context) {
    this.size = size;
    this.dimension = noisy.dimension();
    this.contexts = contexts;
    this.diagonal = noisy.diagonal();
    this.rows = new double[size * dimension];
    this.mask = new double[size * dimension];
    this.factors = new double[size * (diagonal ? dimension : dimension * dimension)];
    this.conditions = new double[size * conditionSize(dimension, contexts)];
    this.context = context;
  }

  private NoisyBatch(NoisyBatch same, double[] rows, double[] conditions) {
    this.size = same.size;
    this.dimension = same.dimension;
    this.contexts = same.contexts;
    this.diagonal = same.diagonal;
    this.rows = rows;
    this.mask = same.mask;
    this.factors = same.factors;
    this.conditions = conditions;
    this.context = same.context;
  }

  /** The numbers that the recognition net is given: the row, its factor, its context. */
  static int conditionSize(int dimension, int contexts) {
    return dimension + dimension * (dimension + 1) / 2 + contexts;
  }

  /**
   * Some rows.
   *
   * @param features their standardised features, row-major; what is not observed is not looked at
   * @param context their standardised contexts, row-major
   * @param indices which rows of {@code noisy}
   */
  static NoisyBatch of(
      NoisyRows noisy, double[] features, double[] context, int contexts, int[] indices) {
    NoisyBatch out = new NoisyBatch(noisy, indices.length, contexts, context);
    double[] factor = new double[noisy.dimension() * noisy.dimension()];
    for (int i = 0; i < indices.length; i++) {
      out.fill(noisy, features, indices[i], i, factor);
    }
    return out;
  }

  private void fill(NoisyRows noisy, double[] features, int row, int i, double[] l) {
    int d = dimension;
    for (int a = 0; a < d; a++) {
      boolean there = noisy.observed(row, a);
      mask[i * d + a] = there ? 1 : 0;
      rows[i * d + a] = there ? features[i * d + a] : 0;
      for (int b = 0; b <= a; b++) {
        boolean both = there && noisy.observed(row, b);
        l[a * d + b] = both ? noisy.covariance(row, a, b) : a == b ? 1 : 0;
      }
    }
    SmallMatrix.cholesky(l, d);
    int next = i * conditionSize(d, contexts);
    System.arraycopy(rows, i * d, conditions, next, d);
    next += d;
    for (int a = 0; a < d; a++) {
      double unit = mask[i * d + a] > 0 ? 1 / (1 + l[a * d + a]) : 1;
      for (int b = 0; b <= a; b++) {
        // Within [-1, 1], and 1 for an infinite error, as the nets see it.
        conditions[next++] = l[a * d + b] * unit;
        if (!diagonal) {
          // Transposed: a row of draws is multiplied from the left.
          factors[(i * d + b) * d + a] = l[a * d + b];
        }
      }
      if (diagonal) {
        factors[i * d + a] = l[a * d + a];
      }
    }
    System.arraycopy(context, i * contexts, conditions, next, contexts);
  }

  /**
   * Rows with the same errors, w = v + L e.
   *
   * @param v noise-free rows, standardised, row-major
   * @param e independent noise
   */
  NoisyBatch madeNoisy(double[] v, double[] e) {
    int d = dimension;
    double[] moved = new double[size * d];
    double[] given = conditions.clone();
    for (int i = 0; i < size; i++) {
      for (int a = 0; a < d; a++) {
        double noise = diagonal ? factors[i * d + a] * e[i * d + a] : 0;
        for (int b = 0; b <= a && !diagonal; b++) {
          noise += factors[(i * d + b) * d + a] * e[i * d + b];
        }
        moved[i * d + a] = mask[i * d + a] * (v[i * d + a] + noise);
      }
      System.arraycopy(moved, i * d, given, i * conditionSize(d, contexts), d);
    }
    return new NoisyBatch(this, moved, given);
  }

  /**
   * The u with {@code v = w + L u} of rows that {@link #madeNoisy} made: the noise's opposite, and
   * v itself where a feature is not observed.
   */
  double[] back(double[] v, double[] e) {
    double[] u = new double[v.length];
    for (int i = 0; i < u.length; i++) {
      u[i] = mask[i] > 0 ? -e[i] : v[i];
    }
    return u;
  }

  /** The rows, standardised, row-major; 0 where a feature is not observed. */
  double[] rows() {
    return rows;
  }

  /** The number of rows. */
  int size() {
    return size;
  }

  /** The rows on a tape. */
  On on(Tape tape) {
    return new On(tape);
  }

  /** Rows on a tape. */
  final class On {
    private final Tape tape;
    private final NDArray observedRows;
    private final NDArray observedMask;
    private final NDArray factor;

    private On(Tape tape) {
      this.tape = tape;
      observedRows = tape.constant(rows, new Shape(size, 1, dimension));
      observedMask = tape.constant(mask, new Shape(size, 1, dimension));
      factor =
          tape.constant(
              factors,
              diagonal ? new Shape(size, 1, dimension) : new Shape(size, dimension, dimension));
    }

    /** {@code [N, 1, D]}: 1 where a feature is observed. */
    NDArray mask() {
      return observedMask;
    }

    /** v = w + L u, {@code [N, K, D]}, of {@code [N, K, D]}. */
    NDArray moved(NDArray u) {
      return observedRows.add(diagonal ? u.mul(factor) : u.matMul(factor));
    }

    /** What the recognition net is given, {@code [N, *]}. */
    NDArray condition() {
      return tape.constant(conditions, new Shape(size, conditionSize(dimension, contexts)));
    }

    /** What the prior is given. */
    Context context() {
      return contexts == 0
          ? Context.none()
          : Context.of(tape.constant(context, new Shape(size, contexts)));
    }
  }
}
