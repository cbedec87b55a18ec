package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;

/** Training rows as steps take them: rounded columns spread anew each epoch, standardised. */
public final class TrainingRows {
  /**
   * Some rows.
   *
   * @param features standardised, {@code size * D} numbers
   * @param contexts standardised, {@code size * C} numbers
   * @param weights one a row, 1 on average over all training rows
   * @param logAbsDet log |det d standardised / d features| of each row, in nats
   */
  public record Batch(double[] features, double[] contexts, double[] weights, double[] logAbsDet) {
    /** The number of rows. */
    public int size() {
      return weights.length;
    }

    /** The features {@code [size, D]} on a tape. */
    public NDArray features(Tape tape) {
      return tape.constant(features, new Shape(size(), features.length / Math.max(1, size())));
    }

    /** The contexts {@code [size, C]} on a tape; none where C is 0. */
    public Optional<NDArray> contexts(Tape tape) {
      return contexts.length == 0
          ? Optional.empty()
          : Optional.of(tape.constant(contexts, new Shape(size(), contexts.length / size())));
    }

    /** The mean over the rows of weight times log |det|, in nats. */
    public double meanLogAbsDet() {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * logAbsDet[i];
      }
      return sum / weights.length;
    }
  }

  private final Rows rows;
  private final Standardiser standardiser;
  private final Dequantiser dequantiser;
  private final double[] contexts;
  private final double[] weights;
  private final Seed noise;

  /**
   * The rows of a table.
   *
   * @param seed the fit's; what spreads rounded values is a part of it
   */
  public TrainingRows(Dataset train, Standardiser standardiser, Seed seed) {
    this.rows = train.rows();
    this.standardiser = standardiser;
    this.dequantiser = new Dequantiser(train.schema());
    this.contexts = standardiser.contexts(rows.context());
    this.weights = FitTable.normalised(rows);
    this.noise = seed.child("dequantise");
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** Some rows by index; a row's noise depends on the epoch and the row alone. */
  public Batch batch(int[] indices, int epoch) {
    int d = rows.features().columns();
    int c = rows.context().columns();
    Matrix x = rows.features().select(indices);
    Seed ofEpoch = noise.child(epoch);
    double[] context = new double[indices.length * c];
    double[] weight = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      dequantiser.spread(x.values(), i * d, ofEpoch.child(indices[i]));
      System.arraycopy(contexts, indices[i] * c, context, i * c, c);
      weight[i] = weights[indices[i]];
    }
    return new Batch(standardiser.features(x), context, weight, standardiser.logAbsDet(x));
  }
}
