package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.data.Standardiser;

class ErrorsTest {
  private static final double[] SOUND = {2, 0.5, 0.5, 1};

  /** A correlation of 1.2. */
  private static final double[] UNSOUND = {1, 2.4, 2.4, 4};

  private static Dataset full(double[]... covariances) {
    double[] x = Setups.normals(2 * covariances.length, 1);
    return Setups.noisy(
        new Matrix(covariances.length, 2, x), new Noise.Full(Matrix.of(covariances)));
  }

  private static NoisyRows prepared(Dataset data, Soundness needed, Repair repair) {
    return Errors.of(new ErrorsConfig("", "", repair), data.schema(), needed)
        .of(data.rows(), Standardiser.observed(data));
  }

  private static void refused(String part, org.junit.jupiter.api.function.Executable what) {
    ThalwegException refusal = assertThrows(ThalwegException.class, what);
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  @Test
  void aCovarianceThatIsNoneIsReportedByRow() {
    Dataset data = full(SOUND, SOUND, UNSOUND, SOUND, UNSOUND);
    NoisyRows rows = prepared(data, Soundness.DEFINITE, Repair.REFUSE);
    assertArrayEquals(new boolean[] {true, true, false, true, false}, rows.sound());
    refused("Row 3: the covariance of its errors is not positive", rows::requireSound);
    refused("2 rows in all: 3, 5", rows::requireSound);
    refused("least eigenvalue of the correlations -0.2", rows::requireSound);
    refused("or have covariances repaired: --set repair=nearest", rows::requireSound);
  }

  @Test
  void aRepairedCovarianceKeepsItsVariances() {
    Dataset data = full(SOUND, UNSOUND, SOUND);
    Standardiser standardiser = Standardiser.observed(data);
    NoisyRows rows = prepared(data, Soundness.DEFINITE, Repair.NEAREST);
    rows.requireSound();
    double[] scales = scales(data, standardiser);
    assertEquals(1, rows.variance(1, 0) * scales[0] * scales[0], 1e-12);
    assertEquals(4, rows.variance(1, 1) * scales[1] * scales[1], 1e-12);
    double correlation =
        rows.covariance(1, 0, 1) / Math.sqrt(rows.variance(1, 0) * rows.variance(1, 1));
    // Eigenvalues of [1, r; r, 1] are 1 + r and 1 - r: raised to 1e-6 they have r near 1.
    assertTrue(correlation > 0.999998 && correlation < 1, "correlation " + correlation);
    assertEquals(0.5, rows.covariance(0, 0, 1) * scales[0] * scales[1], 1e-12, "others stay");
  }

  private static double[] scales(Dataset data, Standardiser standardiser) {
    int d = data.schema().features().size();
    double[] out = new double[d];
    for (int j = 0; j < d; j++) {
      double[] x = data.rows().features().column(j);
      double mean = Setups.mean(x);
      double sum = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
      out[j] = Math.sqrt(sum / (x.length - 1));
    }
    return out;
  }

  @Test
  void negativeMissingAndInfiniteErrors() {
    double[] x = {1, 2, 3, 4, 5, 6, 7, 9};
    double[] sd = {0.1, 0.2, -0.1, 0.2, Double.POSITIVE_INFINITY, 0.1, 0.1, Double.NaN};
    Dataset data = Setups.noisy(new Matrix(4, 2, x), new Noise.Diagonal(new Matrix(4, 2, sd)));
    NoisyRows rows = prepared(data, Soundness.SEMI_DEFINITE, Repair.NEAREST);
    assertArrayEquals(new boolean[] {true, false, true, false}, rows.sound());
    refused("Row 2: the standard deviation of the error of 'x0' is negative", rows::requireSound);
    assertEquals("the standard deviation of the error of 'x1' is missing", rows.fault(3).get());
    ThalwegException refusal = assertThrows(ThalwegException.class, rows::requireSound);
    assertFalse(refusal.getMessage().contains("repair"), "no sign is repaired: " + refusal);
    assertFalse(rows.observed(2, 0), "an infinite error says nothing of the feature");
    assertTrue(rows.observed(2, 1));
  }

  /** Such a matrix is indefinite, however small the covariance. */
  @ParameterizedTest
  @ValueSource(strings = {"0,1;1,0.1", "0.1,1;1,0", "0,1e-9;1e-9,0"})
  void aCovarianceWithAFeatureThatHasNoErrorIsNone(String matrix) {
    Dataset data = Dataset.of(new Matrix(3, 2, Setups.normals(6, 1)));
    Errors refusing =
        Errors.of(
            new ErrorsConfig("", matrix, Repair.REFUSE), data.schema(), Soundness.SEMI_DEFINITE);
    NoisyRows bad = refusing.of(data.rows(), Standardiser.observed(data));
    assertArrayEquals(new boolean[3], bad.sound());
    refused("is not positive definite: 'x", bad::requireSound);
    refused("has no error, and that has a covariance", bad::requireSound);
    for (Soundness needed : Soundness.values()) {
      Errors repairing =
          Errors.of(new ErrorsConfig("", matrix, Repair.NEAREST), data.schema(), needed);
      NoisyRows rows = repairing.of(data.rows(), Standardiser.observed(data));
      rows.requireSound();
      assertEquals(0, rows.covariance(0, 0, 1));
      assertEquals(0, rows.covariance(0, 1, 0));
      assertEquals(
          List.of("repair=nearest changed the errors that all rows share."), rows.repairs());
    }
  }

  @Test
  void rowsHaveTheNumbersOfTheirTable() {
    Dataset data = full(SOUND, UNSOUND, SOUND, UNSOUND, UNSOUND);
    Dataset left =
        new Dataset(data.schema(), data.rows().numbered(new long[] {1, 4, 5, 8, 9}))
            .select(new int[] {0, 2, 3, 4});
    refused(
        "Row 8: the covariance of its errors",
        () -> prepared(left, Soundness.DEFINITE, Repair.REFUSE).requireSound());
    refused(
        "2 rows in all: 8, 9",
        () -> prepared(left, Soundness.DEFINITE, Repair.REFUSE).requireSound());
    List<String> said = prepared(left, Soundness.DEFINITE, Repair.REFUSE).warnings();
    assertEquals(1, said.size());
    assertTrue(
        said.get(0).startsWith("2 rows are left out, as of row 8 the covariance"), said.get(0));
    assertEquals(
        List.of("repair=nearest changed the errors of 2 rows, of which the first is row 8."),
        prepared(left, Soundness.DEFINITE, Repair.NEAREST).repairs());
    assertEquals(
        List.of(), prepared(full(SOUND, SOUND), Soundness.DEFINITE, Repair.NEAREST).repairs());
  }

  /** Of two faults one can be repaired. */
  @Test
  void repairingIsOfferedForWhatItHelps() {
    Dataset data = full(new double[] {-1, 0, 0, 1}, UNSOUND, SOUND);
    refused(
        "--where; or have 1 of these repaired: --set repair=nearest",
        () -> prepared(data, Soundness.DEFINITE, Repair.REFUSE).requireSound());
  }

  @Test
  void aFeatureWithoutErrorIsForThoseWhoDoNotDivideByIt() {
    Dataset data =
        Setups.noisy(
            new Matrix(3, 1, new double[] {1, 2, 4}),
            new Noise.Diagonal(new Matrix(3, 1, new double[] {0, 1, 1})));
    prepared(data, Soundness.SEMI_DEFINITE, Repair.REFUSE).requireSound();
    NoisyRows strict = prepared(data, Soundness.DEFINITE, Repair.REFUSE);
    refused("Row 1: 'x0' has no error", strict::requireSound);
    prepared(data, Soundness.DEFINITE, Repair.NEAREST).requireSound();
  }

  @Test
  void anAsymmetricCovarianceIsRefused() {
    refused(
        "not symmetric",
        () ->
            prepared(
                    full(SOUND, new double[] {1, 0.2, 0.3, 1}, SOUND),
                    Soundness.SEMI_DEFINITE,
                    Repair.NEAREST)
                .requireSound());
  }

  @Test
  void standardisationRescalesAndDoesNotShift() {
    double[] x = {100, 110, 120, 150};
    Dataset data =
        Setups.noisy(
            new Matrix(4, 1, x), new Noise.Diagonal(new Matrix(4, 1, new double[] {1, 2, 3, 4})));
    NoisyRows rows = prepared(data, Soundness.DEFINITE, Repair.REFUSE);
    double mean = 120;
    double scale = Math.sqrt((400 + 100 + 0 + 900) / 3.0);
    for (int i = 0; i < 4; i++) {
      assertEquals((x[i] - mean) / scale, rows.value(i, 0), 1e-12);
      assertEquals((i + 1) / scale, Math.sqrt(rows.variance(i, 0)), 1e-12);
      assertEquals(-Math.log(scale), rows.logAbsDet(i), 1e-12);
    }
  }

  @Test
  void errorsAreGivenInOneWay() {
    Schema plain = Schema.features(2);
    refused("are in none", () -> of("", "", plain));
    refused("several (noise-sd, noise-covariance)", () -> of("1", "1,0;0,1", plain));
    refused(
        "several (noise columns, noise-sd)",
        () -> of("1", "", Setups.schema(2, org.thalweg.api.data.Role.NOISE_SD)));
    refused("takes one number or 2", () -> of("1,2,3", "", plain));
    refused("takes numbers between commas, got 'a,b'", () -> of("a,b", "", plain));
    refused("takes 2 rows of 2 numbers", () -> of("", "1,0,0;0,1,0;0,0,1", plain));
    refused("takes 2 rows of 2 numbers", () -> of("", "1,0;0", plain));
    of("[1, 2]", "", plain);
    of("", "[[1, 0]; [0, 1]]", plain);
  }

  private static Errors of(String sd, String covariance, Schema schema) {
    return Errors.of(new ErrorsConfig(sd, covariance, Repair.REFUSE), schema, Soundness.DEFINITE);
  }

  @Test
  void rowsWithoutTheirErrorsAreRefused() {
    Dataset data = full(SOUND, SOUND, SOUND);
    Errors errors = Errors.of(ErrorsConfig.FROM_COLUMNS, data.schema(), Soundness.DEFINITE);
    refused(
        "takes them from columns: e0, e1, e2, e3",
        () ->
            errors.of(
                org.thalweg.api.data.Rows.of(data.rows().features()), Standardiser.observed(data)));
  }
}
