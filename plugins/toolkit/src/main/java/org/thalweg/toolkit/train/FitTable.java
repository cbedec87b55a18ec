package org.thalweg.toolkit.train;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;

/** A table that is fitted to: checked, divided, and judged part by part. */
public final class FitTable {
  /** As many training rows are scored at the end, so that judging stays short beside training. */
  private static final int JUDGED_TRAINING_ROWS = 20_000;

  private static final int DIGESTED_AT_ONCE = 1024;

  private final Dataset data;
  private final FitOptions options;
  private final Partition parts;

  /**
   * Divides a table by the options.
   *
   * @throws ThalwegException exit code 2 where a number is not finite, or the rows are too few
   */
  public FitTable(Dataset data, FitOptions options) {
    this(data, options, false);
  }

  private FitTable(Dataset data, FitOptions options, boolean missing) {
    requireFinite(data.rows(), missing);
    this.data = data;
    this.options = options;
    this.parts = Splitter.split(data, options.split(), options.seed());
  }

  /**
   * Divides a table in which features may be missing (NaN).
   *
   * @throws ThalwegException exit code 2 where a number is infinite, a row has no feature, or the
   *     rows are too few
   */
  public static FitTable withMissing(Dataset data, FitOptions options) {
    return new FitTable(data, options, true);
  }

  /** The rows that parameters are fitted on. */
  public Dataset train() {
    return data.select(parts.train());
  }

  /** The rows that early stopping looks at. */
  public Dataset validation() {
    return data.select(parts.validation());
  }

  /** What checkpoints carry: everything that must be the same for a fit to go on. */
  public ModelCard card(String estimator, Record config, Engine engine) {
    CRC32 crc = new CRC32();
    digest(crc, data.rows().features().values());
    digest(crc, data.rows().context().values());
    if (data.rows().noise() instanceof Noise.Diagonal errors) {
      digest(crc, errors.standardDeviations().values());
    } else if (data.rows().noise() instanceof Noise.Full errors) {
      digest(crc, errors.covariances().values());
    }
    data.rows().weights().ifPresent(weights -> digest(crc, weights));
    data.rows().labels().ifPresent(l -> digest(crc, Arrays.stream(l).asDoubleStream().toArray()));
    TreeMap<String, Double> metrics = new TreeMap<>();
    metrics.put("data_crc32", (double) crc.getValue());
    metrics.put("train_rows", (double) parts.train().length);
    metrics.put("validation_rows", (double) parts.validation().length);
    metrics.put("test_rows", (double) parts.test().length);
    return new ModelCard(
        estimator, config, data.schema(), options.seed().value(), engine.numbers(), metrics);
  }

  private static void digest(CRC32 crc, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * DIGESTED_AT_ONCE);
    for (int from = 0; from < values.length; from += DIGESTED_AT_ONCE) {
      bytes.clear();
      for (int i = from; i < Math.min(values.length, from + DIGESTED_AT_ONCE); i++) {
        bytes.putDouble(values[i]);
      }
      crc.update(bytes.flip());
    }
  }

  /** Scores rows; what is random is a function of the seed. */
  @FunctionalInterface
  public interface Scorer {
    /** The log-density of rows in the user's units, one a row. */
    double[] score(Rows rows, Seed seed);
  }

  /**
   * Adds the mean log-density of each part, as {@code train_log_density} and so on, with its
   * standard error. Rounded columns are spread; of many training rows some are judged.
   */
  public ModelCard judged(ModelCard card, FitListener listener, Scorer scorer) {
    ModelCard out = judged(card, listener, scorer, "train", JUDGED_TRAINING_ROWS, parts.train());
    out = judged(out, listener, scorer, "validation", data.size(), parts.validation());
    return judged(out, listener, scorer, "test", data.size(), parts.test());
  }

  /** The same with at most so many rows of each part, for densities that take long. */
  public ModelCard judged(ModelCard card, FitListener listener, Scorer scorer, int most) {
    ModelCard out = judged(card, listener, scorer, "train", most, parts.train());
    out = judged(out, listener, scorer, "validation", most, parts.validation());
    return judged(out, listener, scorer, "test", most, parts.test());
  }

  private ModelCard judged(
      ModelCard card, FitListener listener, Scorer scorer, String part, int most, int[] all) {
    boolean few = most < all.length;
    int[] indices =
        few
            ? Arrays.stream(Splitter.shuffled(all.length, options.seed().child("judged")))
                .limit(most)
                .map(i -> all[i])
                .toArray()
            : all;
    Rows some = data.rows().select(indices);
    boolean weightless =
        some.weights().map(w -> Arrays.stream(w).allMatch(weight -> weight == 0)).orElse(false);
    if (indices.length == 0 || weightless) {
      return card;
    }
    Seed noise = options.seed().child("judge").child(part);
    Rows rows = Dequantiser.apply(some, data.schema(), noise);
    double[] values = scorer.score(rows, noise);
    int n = values.length;
    double[] weights = normalised(rows);
    double mean = IntStream.range(0, n).mapToDouble(i -> weights[i] * values[i]).sum() / n;
    double sum =
        IntStream.range(0, n).mapToDouble(i -> square(weights[i] * (values[i] - mean))).sum();
    FarRows.warning(part, mean, values).map(FitEvent.Warned::new).ifPresent(listener::on);
    ModelCard out = few ? card.withMetric(part + "_judged_rows", n) : card;
    out = out.withMetric(part + "_log_density", mean);
    return n < 2 ? out : out.withMetric(part + "_standard_error", Math.sqrt(sum / (n - 1) / n));
  }

  /**
   * Weights with mean 1, so that the step size means the same.
   *
   * @throws ThalwegException exit code 2 where all are 0
   */
  public static double[] normalised(Rows rows) {
    double[] out = new double[rows.size()];
    Optional<double[]> given = rows.weights();
    double sum = given.map(w -> Arrays.stream(w).sum()).orElse((double) out.length);
    if (out.length > 0 && !(sum > 0)) {
      throw ThalwegException.usage(
          "All %d training or validation rows have weight 0: nothing would count. Give some of "
              + "them a positive weight, or leave them out.",
          out.length);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = given.isPresent() ? given.get()[i] * out.length / sum : 1;
    }
    return out;
  }

  private static double square(double value) {
    return value * value;
  }

  /**
   * Refuses rows at or outside the bounds of a column; validation and test rows keep them too.
   *
   * @throws ThalwegException exit code 2
   */
  public void requireInside(Standardiser standardiser) {
    boolean[] usable = standardiser.screen(data.rows(), data.schema()).usable();
    for (int i = 0; i < usable.length; i++) {
      if (!usable[i]) {
        throw ThalwegException.usage(
            "Row %d lies at or outside the bounds of a column: %s. Correct the value, or "
                + "widen the bounds.",
            data.rows().number(i), values(data.rows(), i));
      }
    }
  }

  /** Warns where training is to stop early and has nothing to judge itself by. */
  public void warnOfNoValidation(FitListener listener, Training training) {
    if (parts.validation().length == 0 && training.patience() > 0) {
      listener.on(
          new FitEvent.Warned(
              "There are no validation rows (split %s): training cannot stop early and keeps the last weights."
                  .formatted(options.split())));
    }
  }

  /** Warns of training columns that hold whole numbers only and are declared continuous. */
  public void warnOfWholeNumbers(FitListener listener) {
    List<Column> features = data.schema().features();
    Matrix x = train().rows().features();
    String whole =
        IntStream.range(0, features.size())
            .filter(j -> Dequantiser.step(features.get(j)).isEmpty() && whole(x, j))
            .mapToObj(j -> "'" + features.get(j).name() + "'")
            .collect(Collectors.joining(", "));
    if (!whole.isEmpty()) {
      listener.on(
          new FitEvent.Warned(
              "Every value of %s is a whole number, but the column is declared continuous: a density is unbounded on repeated values. Declare kind integer, or a resolution."
                  .formatted(whole)));
    }
  }

  private static boolean whole(Matrix x, int column) {
    return x.rows() > 0
        && Arrays.stream(x.column(column)).allMatch(value -> value == Math.rint(value));
  }

  private static void requireFinite(Rows rows, boolean missing) {
    for (int i = 0; i < rows.size(); i++) {
      boolean features = missing ? partly(rows.features(), i) : rows.features().finite(i);
      if (!features || !rows.context().finite(i)) {
        throw ThalwegException.usage(
            "Row %d holds a number that is not finite: %s. Leave such rows out before fitting.",
            rows.number(i), values(rows, i));
      }
    }
  }

  /** Whether a row holds a finite number, and besides only such and missing ones. */
  private static boolean partly(Matrix matrix, int row) {
    double[] values = matrix.row(row);
    return Arrays.stream(values).anyMatch(Double::isFinite)
        && Arrays.stream(values).noneMatch(Double::isInfinite);
  }

  /** A row as it is shown: features, then context. */
  private static String values(Rows rows, int i) {
    String features = Arrays.toString(rows.features().row(i));
    return rows.context().columns() == 0
        ? features
        : features + " given " + Arrays.toString(rows.context().row(i));
  }
}
