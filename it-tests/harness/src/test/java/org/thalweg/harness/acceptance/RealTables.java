package org.thalweg.harness.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.app.numpy.NumpyArray;
import org.thalweg.app.numpy.NumpyFile;
import org.thalweg.harness.RealData;

/** Real tables. */
final class RealTables {
  /** What the white wines' columns are rounded to: nine in ten values are multiples of it. */
  private static final double[] WINE_STEPS = {
    0.1, 0.01, 0.01, 0.1, 0.001, 1, 1, 1e-5, 0.01, 0.01, 0.1
  };

  private RealTables() {}

  /** The eleven physico-chemical columns of the white wines, with the quality as context or not. */
  static Dataset wine(boolean conditional) {
    Path file = RealData.file("wine-quality/winequality-white.csv");
    List<String> lines = lines(file);
    String[] names = lines.get(0).replace("\"", "").split(";");
    List<Column> columns = new ArrayList<>();
    for (int j = 0; j < WINE_STEPS.length; j++) {
      columns.add(Column.feature(names[j]).withResolution(WINE_STEPS[j]));
    }
    if (conditional) {
      columns.add(Column.context(names[WINE_STEPS.length]));
    }
    double[][] values =
        lines.stream()
            .skip(1)
            .map(line -> Arrays.stream(line.split(";")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    Matrix x = part(values, 0, WINE_STEPS.length);
    Matrix c = part(values, WINE_STEPS.length, WINE_STEPS.length + (conditional ? 1 : 0));
    return new Dataset(new Schema(columns), Rows.of(x, c));
  }

  /**
   * The shuttle set.
   *
   * @param rows nine whole-number columns
   * @param anomalous whether each row is an anomaly
   */
  record Shuttle(Matrix rows, boolean[] anomalous) {
    /** Columns that are whole numbers. */
    static Schema schema() {
      List<Column> columns = new ArrayList<>();
      for (int j = 0; j < 9; j++) {
        columns.add(
            new Column("X_" + j, Role.FEATURE, new Kind.IntegerValued(), OptionalDouble.empty()));
      }
      return new Schema(columns);
    }
  }

  /** The shuttle set of ADBench. */
  static Shuttle shuttle() {
    List<NumpyArray> arrays = NumpyFile.read(RealData.file("adbench/32_shuttle.npz"));
    NumpyArray x = named(arrays, "X");
    NumpyArray y = named(arrays, "y");
    int n = x.rows();
    double[] values = new double[9 * n];
    boolean[] anomalous = new boolean[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 9; j++) {
        values[9 * i + j] = x.number(i, j);
      }
      anomalous[i] = y.number(i, 0) != 0;
    }
    return new Shuttle(new Matrix(n, 9, values), anomalous);
  }

  private static NumpyArray named(List<NumpyArray> arrays, String name) {
    return arrays.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }

  private static Matrix part(double[][] values, int from, int to) {
    double[][] out = new double[values.length][];
    for (int i = 0; i < out.length; i++) {
      out[i] = Arrays.copyOfRange(values[i], from, to);
    }
    return to > from ? Matrix.of(out) : Matrix.zeros(values.length, 0);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
