package org.thalweg.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KolmogorovSmirnovTest {
  /** The critical values of every textbook: the largest distances of large samples. */
  @ParameterizedTest
  @CsvSource({"1.0727, 0.2", "1.2238, 0.1", "1.3581, 0.05", "1.4802, 0.025", "1.6276, 0.01"})
  void kolmogorovsLawHasTheTabulatedQuantiles(double lambda, double probability) {
    // They are rounded to four digits, and the law falls by less than 0.9 a unit there.
    assertEquals(probability, KolmogorovSmirnov.exceedance(lambda), 0.9 * 0.5e-4);
  }

  /** The two series of the law are equal: 2 sum (-1)^(k-1) exp(-2 k^2 x^2), with all its terms. */
  @ParameterizedTest
  @CsvSource({"0.3", "0.6", "0.9", "1.17", "1.19", "2", "4"})
  void theTwoFormsOfTheLawAgree(double lambda) {
    double sum = 0;
    for (int k = 1; k < 1000; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
    }
    assertEquals(sum, KolmogorovSmirnov.exceedance(lambda), 1e-12);
  }

  @Test
  void theStatisticIsTheLargestDistanceOfTheDistributionFunctions() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 50; round++) {
      // Ties within and between the samples.
      double[] a = random.doubles(1 + random.nextInt(30)).map(v -> Math.rint(9 * v)).toArray();
      double[] b = random.doubles(1 + random.nextInt(30)).map(v -> Math.rint(12 * v)).toArray();
      double most = 0;
      for (int at = -1; at < 14; at++) {
        most = Math.max(most, Math.abs(below(a, at) - below(b, at)));
      }
      assertEquals(most, KolmogorovSmirnov.of(a, b).statistic(), 1e-12);
    }
  }

  private static double below(double[] values, double at) {
    return Arrays.stream(values).filter(v -> v <= at).count() / (double) values.length;
  }

  /** Of two samples of one distribution, one in twenty p-values is below 0.05. */
  @Test
  void pValuesAreUniformWhereNothingDiffers() {
    SplittableRandom random = new SplittableRandom(2);
    int rounds = 4000;
    double[] p = new double[rounds];
    Arrays.setAll(
        p,
        i ->
            KolmogorovSmirnov.of(random.doubles(200).toArray(), random.doubles(130).toArray())
                .pValue());
    // Three standard deviations of a count of 4000.
    assertEquals(0.05, below(p, 0.05), 0.0104);
    assertEquals(0.5, below(p, 0.5), 0.024);
  }

  @Test
  void samplesThatDifferAreFoundOut() {
    SplittableRandom random = new SplittableRandom(3);
    double[] a = random.doubles(1000).toArray();
    double[] b = random.doubles(1000).map(v -> v * 1.2).toArray();
    KolmogorovSmirnov test = KolmogorovSmirnov.of(a, b);
    // The distribution functions are 1 and 1 / 1.2 at 1.
    assertEquals(1 - 1 / 1.2, test.statistic(), 0.04);
    assertEquals(0, test.pValue(), 1e-6);
  }
}
