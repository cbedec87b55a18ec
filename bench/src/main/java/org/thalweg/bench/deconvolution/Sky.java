package org.thalweg.bench.deconvolution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;

/** Measured tables with a covariance of errors for each row. */
final class Sky {
  private Sky() {}

  /** A text table as columns of numbers; what is empty is NaN. */
  private record Text(List<String> names, List<String[]> lines) {
    static Text read(String file, String separator) {
      try {
        List<String> all = Files.readAllLines(Problem.file(file));
        List<String> names =
            Arrays.stream(all.get(0).replaceFirst("^#", "").split(separator, -1)).toList();
        return new Text(
            names,
            all.stream()
                .skip(1)
                .filter(l -> !l.isBlank())
                .map(l -> l.split(separator, -1))
                .toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    double get(int row, String name) {
      String cell = lines.get(row)[names.indexOf(name)];
      return cell.isBlank() ? Double.NaN : Double.parseDouble(cell);
    }
  }

  /** Parallax and proper motion (mas, mas a year) of the stars of Gaia DR3, with their errors. */
  static Dataset stars() {
    Text table = Text.read("astro/gaia/gaia_dr3_sample.csv", ",");
    List<String> features = List.of("parallax", "pmra", "pmdec");
    return dataset(
        features,
        table.lines().size(),
        (row, a) -> table.get(row, features.get(a)),
        (row, a, b) -> {
          double product =
              table.get(row, features.get(a) + "_error")
                  * table.get(row, features.get(b) + "_error");
          int first = Math.min(a, b);
          int second = Math.max(a, b);
          return a == b
              ? product
              : product
                  * table.get(row, features.get(first) + "_" + features.get(second) + "_corr");
        });
  }

  /** Stretch and colour of the supernovae of JLA, with their errors. */
  static Dataset supernovae() {
    Text table = Text.read("astro/supernovae/jla_lcparams.txt", "\\s+");
    List<String> features = List.of("x1", "color");
    List<String> errors = List.of("dx1", "dcolor");
    return dataset(
        features,
        table.lines().size(),
        (row, a) -> table.get(row, features.get(a)),
        (row, a, b) ->
            a == b ? Math.pow(table.get(row, errors.get(a)), 2) : table.get(row, "cov_s_c"));
  }

  /** Stretch, colour and magnitude of the supernovae of Pantheon+, some with unsound errors. */
  static Dataset pantheon() {
    Text table = Text.read("astro/supernovae/Pantheon+SH0ES.dat", "\\s+");
    List<String> features = List.of("x1", "c", "mB");
    return dataset(
        features,
        table.lines().size(),
        (row, a) -> table.get(row, features.get(a)),
        (row, a, b) -> {
          // mB = 10.635 - 2.5 log10 x0, to first order.
          double slope = -2.5 / Math.log(10) / table.get(row, "x0");
          double[][] c = {
            {
              Math.pow(table.get(row, "x1ERR"), 2),
              table.get(row, "COV_x1_c"),
              slope * table.get(row, "COV_x1_x0")
            },
            {
              table.get(row, "COV_x1_c"),
              Math.pow(table.get(row, "cERR"), 2),
              slope * table.get(row, "COV_c_x0")
            },
            {
              slope * table.get(row, "COV_x1_x0"),
              slope * table.get(row, "COV_c_x0"),
              Math.pow(slope * table.get(row, "x0ERR"), 2)
            }
          };
          return c[a][b];
        });
  }

  private interface Value {
    double of(int row, int a);
  }

  private interface Covariance {
    double of(int row, int a, int b);
  }

  private static Dataset dataset(
      List<String> features, int rows, Value value, Covariance covariance) {
    int d = features.size();
    double[] x = new double[rows * d];
    double[] s = new double[rows * d * d];
    for (int i = 0; i < rows; i++) {
      for (int a = 0; a < d; a++) {
        x[i * d + a] = value.of(i, a);
        for (int b = 0; b < d; b++) {
          s[(i * d + a) * d + b] = covariance.of(i, a, b);
        }
      }
    }
    List<Column> columns = new ArrayList<>(features.stream().map(Column::feature).toList());
    for (String a : features) {
      for (String b : features) {
        columns.add(
            new Column("cov_" + a + "_" + b, Role.NOISE_COV, Kind.REAL, OptionalDouble.empty()));
      }
    }
    return new Dataset(
        new Schema(columns),
        new Rows(
            new Matrix(rows, d, x),
            Matrix.zeros(rows, 0),
            new Noise.Full(new Matrix(rows, d * d, s)),
            Optional.empty(),
            Optional.empty()));
  }
}
