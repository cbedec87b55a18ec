package org.thalweg.toolkit.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Screening;

/**
 * The map between a table in the user's units and what networks like: about zero mean and unit
 * variance, no bounds. Computed in double precision; its log-Jacobian is counted, so that
 * log-densities are in the user's units.
 *
 * <p>Rules: a real column is shifted and scaled by its training mean and standard deviation; a
 * bounded one goes through a scaled logit first; an angle is cut opposite its circular mean and
 * treated as bounded; a constant column is refused.
 */
public final class Standardiser {
  private final List<ColumnMap> features;
  private final List<ColumnMap> contexts;
  private final double[][] contextRanges;

  private Standardiser(
      List<ColumnMap> features, List<ColumnMap> contexts, double[][] contextRanges) {
    this.features = features;
    this.contexts = contexts;
    this.contextRanges = contextRanges;
  }

  /**
   * Fits the map to training rows.
   *
   * @throws ThalwegException exit code 2 for a constant column, fewer than two rows, or a value
   *     that its column's declaration does not allow
   */
  public static Standardiser fit(Dataset train) {
    requireRows(train);
    return of(train, fit(train.schema().features(), train.rows().features()));
  }

  /**
   * The same for rows in which features may be missing (NaN): each column is fitted to the values
   * that it has.
   *
   * @throws ThalwegException as {@link #fit}
   */
  public static Standardiser observed(Dataset train) {
    requireRows(train);
    List<Column> columns = train.schema().features();
    List<ColumnMap> maps = new ArrayList<>();
    for (int j = 0; j < columns.size(); j++) {
      double[] there =
          Arrays.stream(train.rows().features().column(j)).filter(v -> !Double.isNaN(v)).toArray();
      maps.addAll(fit(List.of(columns.get(j)), new Matrix(there.length, 1, there)));
    }
    return of(train, List.copyOf(maps));
  }

  /**
   * One shift and scale for all features, after the logit where they are bounded; contexts are
   * fitted. Features may be constant: this suits numbers on a common scale, such as pixels.
   *
   * @throws ThalwegException as {@link #fit}, for the contexts
   */
  public static Standardiser common(Dataset train, double shift, double scale) {
    requireRows(train);
    return of(
        train,
        train.schema().features().stream()
            .map(column -> ColumnMap.unscaled(column, 0).with(shift, scale))
            .toList());
  }

  /**
   * The mean of each feature and one scale for all: the root of their mean variance. Distances
   * between rows keep their meaning. Features may be constant, but not all.
   *
   * @throws ThalwegException exit code 2 for a feature that is bounded or an angle, for fewer than
   *     two rows, and where all features are constant
   */
  public static Standardiser commonOf(Dataset train) {
    requireRows(train);
    Matrix x = train.rows().features();
    double[] means = new double[x.columns()];
    double sum = 0;
    for (int j = 0; j < means.length; j++) {
      Column column = train.schema().features().get(j);
      if (column.kind() instanceof Kind.Bounded || column.kind() instanceof Kind.Angle) {
        throw ThalwegException.usage(
            "Column '%s' is bounded or an angle: it has no scale in common with other columns."
                + " Declare it real, or leave it out.",
            column.name());
      }
      double[] values = x.column(j);
      double mean = Arrays.stream(values).average().orElseThrow();
      means[j] = mean;
      sum += Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    }
    double scale = Math.sqrt(sum / (x.rows() - 1) / x.columns());
    if (!(scale > 0)) {
      throw ThalwegException.usage(
          "All %d columns are constant in the training rows: there is no density over constants.",
          x.columns());
    }
    return of(
        train,
        IntStream.range(0, means.length)
            .mapToObj(
                j -> ColumnMap.unscaled(train.schema().features().get(j), 0).with(means[j], scale))
            .toList());
  }

  /** The scale of a feature, in its unit: what one standard unit is. */
  public double scale(int feature) {
    return features.get(feature).scale();
  }

  private static void requireRows(Dataset train) {
    if (train.size() < 2) {
      throw ThalwegException.usage(
          "There %s %d usable training row%s after the split; a density needs at least 2.",
          train.size() == 1 ? "is" : "are", train.size(), train.size() == 1 ? "" : "s");
    }
  }

  private static Standardiser of(Dataset train, List<ColumnMap> features) {
    Matrix context = train.rows().context();
    double[][] ranges = new double[context.columns()][];
    for (int j = 0; j < ranges.length; j++) {
      var summary = Arrays.stream(context.column(j)).summaryStatistics();
      ranges[j] = new double[] {summary.getMin(), summary.getMax()};
    }
    return new Standardiser(features, fit(train.schema().contexts(), context), ranges);
  }

  /** Standardises features {@code [N, D]}; row-major. */
  public double[] features(Matrix x) {
    return forward(features, x);
  }

  /** Standardises contexts {@code [N, C]}; row-major. */
  public double[] contexts(Matrix c) {
    return forward(contexts, c);
  }

  /**
   * Measurement errors of standardised features: rescaled, and not shifted.
   *
   * @throws ThalwegException exit code 2 where a feature is mapped by more than a scale
   */
  public Noise noise(Noise errors, Schema schema) {
    if (errors instanceof Noise.Diagonal diagonal) {
      Matrix sd = diagonal.standardDeviations();
      double[] out = sd.values().clone();
      for (int i = 0; i < out.length; i++) {
        out[i] /= scale(i % features.size(), schema);
      }
      return new Noise.Diagonal(new Matrix(sd.rows(), sd.columns(), out));
    }
    if (errors instanceof Noise.Full full) {
      int d = features.size();
      Matrix covariances = full.covariances();
      double[] out = covariances.values().clone();
      for (int i = 0; i < out.length; i++) {
        int entry = i % (d * d);
        out[i] /= scale(entry / d, schema) * scale(entry % d, schema);
      }
      return new Noise.Full(new Matrix(covariances.rows(), covariances.columns(), out));
    }
    return errors;
  }

  private double scale(int column, Schema schema) {
    Column of = schema.features().get(column);
    if (of.kind() instanceof Kind.Bounded || of.kind() instanceof Kind.Angle) {
      throw ThalwegException.usage(
          "Column '%s' is declared with %s: a measurement error is added to real values only. "
              + "Declare it real, or leave its errors out.",
          of.name(), of.kind());
    }
    return features.get(column).scale();
  }

  /** log |det d standardised / d features| of each row, in nats; missing features have no part. */
  public double[] logAbsDet(Matrix x) {
    double[] out = new double[x.rows()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < x.columns(); j++) {
        double value = x.get(i, j);
        out[i] += Double.isNaN(value) ? 0 : features.get(j).logDerivative(value);
      }
    }
    return out;
  }

  /**
   * Gradients with respect to rows, from those with respect to standardised rows: of log p(x) = log
   * p(z) + log |dz/dx|.
   *
   * @param x rows in the user's units
   * @param scores d log p(z) / dz, {@code [N, D]}
   */
  public Matrix scores(Matrix x, double[] scores) {
    int d = features.size();
    double[] out = new double[scores.length];
    for (int i = 0; i < out.length; i++) {
      ColumnMap map = features.get(i % d);
      double value = x.values()[i];
      out[i] = scores[i] * Math.exp(map.logDerivative(value)) + map.logDerivativeSlope(value);
    }
    return new Matrix(x.rows(), d, out);
  }

  /** Features in the user's units, from standardised ones. */
  public Matrix inverse(double[] standardised) {
    int d = features.size();
    double[] out = new double[standardised.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = features.get(i % d).inverse(standardised[i]);
    }
    return new Matrix(out.length / d, d, out);
  }

  /** Which rows can be standardised; contexts outside the training range are warned of. */
  public Screening screen(Rows rows, Schema schema) {
    boolean[] usable = new boolean[rows.size()];
    int[] outside = new int[contexts.size()];
    for (int i = 0; i < usable.length; i++) {
      usable[i] = accepts(features, rows.features(), i) && accepts(contexts, rows.context(), i);
      for (int j = 0; usable[i] && j < outside.length; j++) {
        double value = rows.context().get(i, j);
        outside[j] += value < contextRanges[j][0] || value > contextRanges[j][1] ? 1 : 0;
      }
    }
    List<String> warnings = new ArrayList<>();
    for (int j = 0; j < outside.length; j++) {
      if (outside[j] > 0) {
        warnings.add(
            "%d rows have a context '%s' outside the training range %s to %s: what the model says there is extrapolation."
                .formatted(
                    outside[j],
                    schema.contexts().get(j).name(),
                    contextRanges[j][0],
                    contextRanges[j][1]));
      }
    }
    return new Screening(usable, warnings);
  }

  /** As it stands in a model file. */
  public Map<String, Object> toMap() {
    return Map.of(
        "features",
        features.stream().map(ColumnMap::toMap).toList(),
        "contexts",
        contexts.stream().map(ColumnMap::toMap).toList(),
        "context_ranges",
        Arrays.stream(contextRanges).map(r -> List.of(r[0], r[1])).toList());
  }

  /** As it was read from a model file of these columns. */
  public static Standardiser of(Schema schema, Object stored) {
    if (stored instanceof Map<?, ?> map
        && map.get("features") instanceof List<?> features
        && map.get("contexts") instanceof List<?> contexts
        && map.get("context_ranges") instanceof List<?> ranges
        && ranges.size() == schema.contexts().size()) {
      double[][] limits =
          ranges.stream()
              .map(r -> ((List<?>) r).stream().mapToDouble(v -> ((Number) v).doubleValue()))
              .map(DoubleStream::toArray)
              .toArray(double[][]::new);
      return new Standardiser(
          read(schema.features(), features), read(schema.contexts(), contexts), limits);
    }
    throw ThalwegException.data("The model file's standardisation does not fit its columns.");
  }

  private static List<ColumnMap> read(List<Column> columns, List<?> stored) {
    if (stored.size() != columns.size()) {
      throw ThalwegException.data("The model file's standardisation does not fit its columns.");
    }
    List<ColumnMap> out = new ArrayList<>();
    for (int j = 0; j < columns.size(); j++) {
      out.add(ColumnMap.of(columns.get(j), (Map<?, ?>) stored.get(j)));
    }
    return List.copyOf(out);
  }

  private static List<ColumnMap> fit(List<Column> columns, Matrix values) {
    List<ColumnMap> out = new ArrayList<>();
    for (int j = 0; j < columns.size(); j++) {
      Column column = columns.get(j);
      ColumnMap any = ColumnMap.unscaled(column, 0);
      for (int i = 0; i < values.rows(); i++) {
        if (!any.accepts(values.get(i, j))) {
          throw ThalwegException.usage(
              "Column '%s', usable row %d: %s does not lie inside %s. Correct the value, or widen "
                  + "the bounds.",
              column.name(), i + 1, values.get(i, j), column.kind());
        }
      }
      out.add(ColumnMap.fit(column, values.column(j)));
    }
    return List.copyOf(out);
  }

  private static boolean accepts(List<ColumnMap> maps, Matrix values, int row) {
    for (int j = 0; j < maps.size(); j++) {
      if (!maps.get(j).accepts(values.get(row, j))) {
        return false;
      }
    }
    return true;
  }

  private static double[] forward(List<ColumnMap> maps, Matrix values) {
    int d = maps.size();
    double[] out = new double[values.values().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = maps.get(i % d).forward(values.values()[i]);
    }
    return out;
  }
}
