package org.thalweg.toolkit.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Screening;

class StandardiserTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              column("real", Kind.REAL),
              column("bounded", new Kind.Bounded(-2, 5)),
              column("angle", new Kind.Angle()),
              Column.context("c")));

  private static Column column(String name, Kind kind) {
    return new Column(name, Role.FEATURE, kind, OptionalDouble.empty());
  }

  private static Dataset data() {
    SplittableRandom random = new SplittableRandom(3);
    double[][] x = new double[500][];
    double[][] c = new double[500][];
    for (int i = 0; i < x.length; i++) {
      // Angles about pi, so that a cut at pi would tear them apart.
      double angle = Math.IEEEremainder(Math.PI + 0.3 * random.nextGaussian(), 2 * Math.PI);
      x[i] = new double[] {1e6 + 3 * random.nextGaussian(), random.nextDouble(-1, 4), angle};
      c[i] = new double[] {random.nextDouble()};
    }
    return new Dataset(SCHEMA, Rows.of(Matrix.of(x), Matrix.of(c)));
  }

  @Test
  void meansAreZeroAndVariancesOne() {
    Dataset data = data();
    double[] z = Standardiser.fit(data).features(data.rows().features());
    for (int j = 0; j < 3; j++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 500; i++) {
        sum += z[3 * i + j];
        squares += z[3 * i + j] * z[3 * i + j];
      }
      assertEquals(0, sum / 500, 1e-9);
      assertEquals(1, squares / 499, 1e-9);
    }
  }

  @Test
  void theInverseGoesBack() {
    Dataset data = data();
    Standardiser standardiser = Standardiser.fit(data);
    Matrix back = standardiser.inverse(standardiser.features(data.rows().features()));
    assertArrayEquals(data.rows().features().values(), back.values(), 1e-8);
  }

  @Test
  void theLogJacobianIsThatOfFiniteDifferences() {
    Dataset data = data();
    Standardiser standardiser = Standardiser.fit(data);
    Matrix x = data.rows().features().slice(0, 20);
    double[] expected = new double[20];
    double h = 1e-5;
    for (int j = 0; j < 3; j++) {
      double[] up = x.values().clone();
      double[] down = x.values().clone();
      for (int i = 0; i < 20; i++) {
        up[3 * i + j] += h;
        down[3 * i + j] -= h;
      }
      double[] zUp = standardiser.features(new Matrix(20, 3, up));
      double[] zDown = standardiser.features(new Matrix(20, 3, down));
      for (int i = 0; i < 20; i++) {
        expected[i] += Math.log((zUp[3 * i + j] - zDown[3 * i + j]) / (2 * h));
      }
    }
    assertArrayEquals(expected, standardiser.logAbsDet(x), 1e-5);
  }

  @Test
  void storedAndReadItIsTheSame() {
    Dataset data = data();
    Standardiser standardiser = Standardiser.fit(data);
    Standardiser read = Standardiser.of(SCHEMA, standardiser.toMap());
    Matrix x = data.rows().features();
    assertArrayEquals(standardiser.features(x), read.features(x));
    assertArrayEquals(
        standardiser.contexts(data.rows().context()), read.contexts(data.rows().context()));
  }

  @Test
  void rowsOutsideTheBoundsAreNotUsableAndFarContextsAreWarnedOf() {
    Standardiser standardiser = Standardiser.fit(data());
    Matrix x =
        Matrix.of(new double[][] {{1e6, 0, 0}, {1e6, 5, 0}, {1e6, -3, 0}, {Double.NaN, 0, 0}});
    Matrix c = Matrix.of(new double[][] {{0.5}, {0.5}, {0.5}, {7}});
    Screening screening = standardiser.screen(Rows.of(x, c), SCHEMA);
    assertArrayEquals(new boolean[] {true, false, false, false}, screening.usable());
    assertTrue(screening.warnings().isEmpty());
    Matrix far = Matrix.of(new double[][] {{7}});
    List<String> warnings = standardiser.screen(Rows.of(x.slice(0, 1), far), SCHEMA).warnings();
    assertTrue(warnings.get(0).contains("'c'"), warnings.toString());
  }

  @Test
  void farValuesStayFinite() {
    Standardiser standardiser = Standardiser.fit(data());
    Matrix x = Matrix.of(new double[] {1e300, 4.999999999, -3});
    for (double z : standardiser.features(x)) {
      assertTrue(Float.isFinite((float) z * (float) z), "z = " + z);
    }
  }

  @Test
  void theBoundsOfARoundedColumnBelongToIt() {
    Column share = column("share", new Kind.Bounded(0, 1)).withResolution(0.1);
    Schema schema = new Schema(List.of(share));
    Matrix x = new Matrix(11, 1, IntStream.range(0, 11).mapToDouble(i -> i * 0.1).toArray());
    Standardiser standardiser = Standardiser.fit(new Dataset(schema, Rows.of(x)));
    boolean[] usable = standardiser.screen(Rows.of(x), schema).usable();
    for (boolean each : usable) {
      assertTrue(each);
    }
    // A bound stands for the half step inside, whose middle is a quarter of a step away.
    Matrix middle = Matrix.of(new double[][] {{0.025}, {0.975}});
    Matrix ends = Matrix.of(new double[][] {{0}, {1}});
    assertArrayEquals(standardiser.features(middle), standardiser.features(ends), 1e-12);
    assertArrayEquals(standardiser.logAbsDet(middle), standardiser.logAbsDet(ends), 1e-12);
    Standardiser read = Standardiser.of(schema, standardiser.toMap());
    assertArrayEquals(standardiser.features(ends), read.features(ends));
    Matrix outside = Matrix.of(new double[][] {{-0.01}, {1.01}});
    assertArrayEquals(
        new boolean[] {false, false}, standardiser.screen(Rows.of(outside), schema).usable());
  }

  @Test
  void aConstantContextIsRefusedAsAContext() {
    Schema schema = new Schema(List.of(Column.feature("x"), Column.context("c")));
    Rows rows = Rows.of(Matrix.of(new double[][] {{1}, {2}}), Matrix.of(new double[][] {{4}, {4}}));
    ThalwegException e =
        assertThrows(ThalwegException.class, () -> Standardiser.fit(new Dataset(schema, rows)));
    assertTrue(
        e.getMessage().contains("'c'") && e.getMessage().contains("context"), e.getMessage());
  }

  @Test
  void aConstantColumnIsRefusedByName() {
    Dataset constant = Dataset.of(Matrix.of(new double[][] {{1, 7}, {2, 7}, {3, 7}}));
    ThalwegException e = assertThrows(ThalwegException.class, () -> Standardiser.fit(constant));
    assertTrue(e.getMessage().contains("'x1'") && e.getMessage().contains("7.0"), e.getMessage());
  }

  @Test
  void oneRowIsRefused() {
    Dataset one = Dataset.of(Matrix.of(new double[] {1, 2}));
    assertThrows(ThalwegException.class, () -> Standardiser.fit(one));
  }

  @Test
  void aCommonScaleTakesConstantColumns() {
    Schema schema = new Schema(List.of(Column.feature("x"), Column.feature("y")));
    Matrix x = Matrix.of(new double[] {0, 4}, new double[] {255, 4});
    Dataset data = new Dataset(schema, Rows.of(x));
    assertThrows(ThalwegException.class, () -> Standardiser.fit(data));
    Standardiser common = Standardiser.common(data, 127.5, 256);
    double[] z = common.features(x);
    double edge = 127.5 / 256;
    assertArrayEquals(new double[] {-edge, -123.5 / 256, edge, -123.5 / 256}, z, 1e-15);
    assertArrayEquals(x.values(), common.inverse(z).values(), 1e-12);
    double expected = -2 * Math.log(256);
    assertArrayEquals(new double[] {expected, expected}, common.logAbsDet(x), 1e-12);
    Standardiser read = Standardiser.of(schema, common.toMap());
    assertArrayEquals(z, read.features(x), 0);
  }

  /** d/dx of log p(z(x)) + log |dz/dx| with log p(z) = -(sum of z^4), by central differences. */
  @Test
  void scoresFollowTheMap() {
    Standardiser standardiser = Standardiser.fit(data());
    double[] row = {1e6 + 2, 1.3, 2.9};
    Matrix x = Matrix.of(row);
    double[] z = standardiser.features(x);
    double[] inner = java.util.Arrays.stream(z).map(v -> -4 * v * v * v).toArray();
    Matrix scores = standardiser.scores(x, inner);
    for (int j = 0; j < 3; j++) {
      double step = j == 0 ? 1e-3 : 1e-6;
      double slope =
          (logDensity(standardiser, row, j, step) - logDensity(standardiser, row, j, -step))
              / (2 * step);
      assertEquals(slope, scores.get(0, j), 1e-5 * Math.max(1, Math.abs(slope)), "column " + j);
    }
  }

  private static double logDensity(Standardiser standardiser, double[] row, int j, double move) {
    double[] moved = row.clone();
    moved[j] += move;
    Matrix x = Matrix.of(moved);
    double sum = 0;
    for (double z : standardiser.features(x)) {
      sum -= z * z * z * z;
    }
    return sum + standardiser.logAbsDet(x)[0];
  }
}
