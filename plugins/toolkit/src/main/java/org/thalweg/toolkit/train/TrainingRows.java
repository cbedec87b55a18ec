package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Standardiser;

/**
 * Training rows as steps take them: rounded columns spread anew each epoch, standardised. Where
 * nothing is spread, a device keeps them all, and is sent the numbers of a batch's rows alone.
 */
public final class TrainingRows {
  private final Rows rows;
  private final Standardiser standardiser;
  private final Dequantiser dequantiser;
  private final double[] contexts;
  private final double[] weights;
  private final boolean weighted;
  private final Seed noise;
  private final ResidentRows residentFeatures;
  private final ResidentRows residentContexts;
  private double[] logAbsDet;

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
    this.weighted = Arrays.stream(weights).anyMatch(w -> w != 1);
    this.noise = seed.child("dequantise");
    int n = rows.size();
    this.residentFeatures =
        new ResidentRows(
            n,
            rows.features().columns(),
            (from, to) -> standardiser.features(rows.features().slice(from, to)));
    int c = rows.context().columns();
    this.residentContexts =
        new ResidentRows(n, c, (from, to) -> Arrays.copyOfRange(contexts, from * c, to * c));
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** Some rows by index; a row's noise depends on the epoch and the row alone. */
  public Batch batch(int[] indices, int epoch) {
    return new Batch(indices, epoch);
  }

  /** Gives back the devices' memory; to be called when a training ends. */
  public void release() {
    residentFeatures.release();
    residentContexts.release();
  }

  /** Of all rows, where they are the same in every epoch. */
  private synchronized double[] logAbsDet() {
    if (logAbsDet == null) {
      logAbsDet = standardiser.logAbsDet(rows.features());
    }
    return logAbsDet;
  }

  /** Some rows, computed when they are asked for. Of one thread. */
  public final class Batch {
    private final int[] indices;
    private final int epoch;
    private final double[] ownWeights;
    private Optional<Matrix> spread = Optional.empty();

    private Batch(int[] indices, int epoch) {
      this.indices = indices;
      this.epoch = epoch;
      this.ownWeights = Arrays.stream(indices).mapToDouble(i -> weights[i]).toArray();
    }

    /** The number of rows. */
    public int size() {
      return indices.length;
    }

    /** One a row, 1 on average over all training rows. */
    public double[] weights() {
      return ownWeights;
    }

    /** In the user's units, without rounding. */
    private Matrix spread() {
      if (spread.isEmpty()) {
        Matrix x = rows.features().select(indices);
        Seed ofEpoch = noise.child(epoch);
        for (int i = 0; i < indices.length; i++) {
          dequantiser.spread(x.values(), i * x.columns(), ofEpoch.child(indices[i]));
        }
        spread = Optional.of(x);
      }
      return spread.orElseThrow();
    }

    /** Standardised, {@code size * D} numbers. */
    public double[] features() {
      return standardiser.features(spread());
    }

    /** The features {@code [size, D]} on a tape. */
    public NDArray features(Tape tape) {
      return steady(tape).orElseGet(() -> tape.constant(features(), new Shape(size(), columns())));
    }

    private int columns() {
      return rows.features().columns();
    }

    /** Of a device, where the rows are the same in every epoch. */
    private Optional<NDArray> steady(Tape tape) {
      return dequantiser.needed() ? Optional.empty() : residentFeatures.on(tape, indices);
    }

    /** Standardised, {@code size * C} numbers. */
    public double[] contexts() {
      int c = rows.context().columns();
      double[] out = new double[indices.length * c];
      for (int i = 0; i < indices.length; i++) {
        System.arraycopy(contexts, indices[i] * c, out, i * c, c);
      }
      return out;
    }

    /** The contexts {@code [size, C]} on a tape; none where C is 0. */
    public Optional<NDArray> contexts(Tape tape) {
      int c = rows.context().columns();
      if (c == 0) {
        return Optional.empty();
      }
      return Optional.of(
          residentContexts
              .on(tape, indices)
              .orElseGet(() -> tape.constant(contexts(), new Shape(size(), c))));
    }

    /**
     * The weighted mean over the rows.
     *
     * @param each {@code [size]}
     * @return a scalar
     */
    public NDArray mean(Tape tape, NDArray each) {
      return weighted ? each.mul(tape.constant(ownWeights, new Shape(size()))).mean() : each.mean();
    }

    /** log |det d standardised / d features| of each row, in nats. */
    public double[] logAbsDet() {
      if (dequantiser.needed()) {
        return standardiser.logAbsDet(spread());
      }
      double[] ofAll = TrainingRows.this.logAbsDet();
      return Arrays.stream(indices).mapToDouble(i -> ofAll[i]).toArray();
    }

    /** The mean over the rows of weight times log |det|, in nats. */
    public double meanLogAbsDet() {
      double[] each = logAbsDet();
      double sum = 0;
      for (int i = 0; i < each.length; i++) {
        sum += ownWeights[i] * each[i];
      }
      return sum / each.length;
    }
  }
}
