package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.toolkit.train.RowMap;

/**
 * A trained manifold flow. Its one density, {@code manifold}, is that of the point of the manifold
 * that a row is projected to, with respect to the manifold's volume in the user's units (eq. 16);
 * how far the row is from there is another matter, see {@link
 * org.thalweg.api.estimator.Projection#distances}.
 */
final class MFlowModel extends ManifoldModel {
  private static final Named MANIFOLD =
      new Named("manifold", Relation.EXACT, Measure.MANIFOLD, false);

  /** A differentiable pass of a batch takes many times the memory of a plain one. */
  private static final int ROWS = 128;

  MFlowModel(ModelCard card, Made made) {
    super(card, made);
  }

  @Override
  MFlowModel with(ModelCard other) {
    return new MFlowModel(other, made());
  }

  @Override
  public List<Named> densities() {
    return List.of(MANIFOLD);
  }

  @Override
  double[] logDensity(Named named, Rows rows) {
    int d = dimension();
    double[] coordinates =
        map(
            rows,
            (bound, x) -> {
              NDArray u = bound.place(x).u();
              return u.concat(bound.logCoordinates(u).expandDims(1), 1);
            });
    Matrix u = Matrix.zeros(rows.size(), d);
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(coordinates, i * (d + 1), u.values(), i * d, d);
    }
    double[] logGram = logGram(u, contexts(rows.context()));
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = coordinates[i * (d + 1) + d] - 0.5 * logGram[i] - d * Math.log(scale());
    }
    return out;
  }

  /** log det of the Gram matrix of u to the manifold, in standardised units. */
  private double[] logGram(Matrix u, Matrix contexts) {
    double[] matrices =
        RowMap.map(
            made().engine(),
            made().workers(),
            Tape.Mode.SECOND_ORDER,
            ROWS,
            u,
            contexts,
            (tape, points, context) -> {
              ManifoldNets.Bound bound = made().nets().bind(Binding.evaluate(tape), context);
              return Gram.matrices(tape, points, bound::onManifold);
            });
    return Gram.logDeterminants(matrices, dimension());
  }
}
