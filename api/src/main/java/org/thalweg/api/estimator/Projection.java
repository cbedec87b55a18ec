package org.thalweg.api.estimator;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;

/** A model whose rows lie on a manifold of fewer dimensions than there are columns. */
public interface Projection {
  /** The dimension of the manifold, at least 1 and less than the number of features. */
  int dimension();

  /** The points {@code [N, D]} of the manifold that rows are taken for, in the user's units. */
  Matrix project(Rows rows);

  /** The Euclidean distances of rows from those points, one a row, in the user's units. */
  default double[] distances(Rows rows) {
    Matrix x = rows.features();
    Matrix on = project(rows);
    double[] out = new double[x.rows()];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int j = 0; j < x.columns(); j++) {
        double difference = x.get(i, j) - on.get(i, j);
        sum += difference * difference;
      }
      out[i] = Math.sqrt(sum);
    }
    return out;
  }
}
