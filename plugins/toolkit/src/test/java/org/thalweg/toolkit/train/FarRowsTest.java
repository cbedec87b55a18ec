package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FarRowsTest {
  private static Optional<String> warning(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return FarRows.warning("train", mean, values);
  }

  /** The log-densities of rows from the density itself: minus half a chi-square, shifted. */
  private static double[] ofTheDensityItself(int rows, int dimension) {
    SplittableRandom random = new SplittableRandom(3);
    double[] out = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < dimension; j++) {
        double z = random.nextGaussian();
        out[i] -= 0.5 * z * z;
      }
    }
    return out;
  }

  @Test
  void aFewRowsThatRuleTheMeanAreCounted() {
    double[] values = ofTheDensityItself(1000, 3);
    Arrays.fill(values, 100, 110, -1e12);
    String words = warning(values).orElseThrow();
    assertTrue(words.startsWith("10 of 1000 train rows"), words);
    assertTrue(words.contains("-1.0000e+10") && words.contains("base=student-t"), words);
  }

  @Test
  void usualValuesAreNotWarnedOf() {
    for (int dimension : new int[] {1, 3, 50}) {
      assertEquals(Optional.empty(), warning(ofTheDensityItself(1000, dimension)));
    }
    assertEquals(Optional.empty(), warning(new double[100]));
    double[] half = new double[100];
    Arrays.fill(half, 0, 50, -1e12);
    assertEquals(Optional.empty(), warning(half), "that many are not a few");
  }
}
