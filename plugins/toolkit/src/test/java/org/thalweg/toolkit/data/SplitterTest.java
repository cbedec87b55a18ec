package org.thalweg.toolkit.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;

class SplitterTest {
  /** 1000 rows with values 0 to 99, ten times each. */
  private static final Dataset REPEATED =
      Dataset.of(new Matrix(1000, 1, IntStream.range(0, 1000).mapToDouble(i -> i % 100).toArray()));

  @Test
  void everyRowIsInOnePartAndIdenticalRowsTogether() {
    Partition parts = Splitter.split(REPEATED, Split.DEFAULT, new Seed(1));
    int[] all =
        IntStream.of(parts.train().length, parts.validation().length, parts.test().length)
            .toArray();
    assertArrayEquals(new int[] {800, 100, 100}, all);
    Set<Integer> train = values(parts.train());
    Set<Integer> validation = values(parts.validation());
    Set<Integer> test = values(parts.test());
    assertEquals(100, train.size() + validation.size() + test.size());
    train.retainAll(test);
    assertTrue(train.isEmpty());
    validation.retainAll(test);
    assertTrue(validation.isEmpty());
  }

  @Test
  void theSeedDecides() {
    int[] once = Splitter.split(REPEATED, Split.DEFAULT, new Seed(1)).test();
    assertArrayEquals(once, Splitter.split(REPEATED, Split.DEFAULT, new Seed(1)).test());
    assertFalse(Arrays.equals(once, Splitter.split(REPEATED, Split.DEFAULT, new Seed(2)).test()));
  }

  @Test
  void aPartWithAFractionHasARow() {
    Dataset three = Dataset.of(Matrix.of(new double[][] {{1}, {2}, {3}}));
    Partition parts = Splitter.split(three, Split.DEFAULT, new Seed(0));
    assertEquals(1, parts.train().length);
    assertEquals(1, parts.validation().length);
    assertEquals(1, parts.test().length);
  }

  @Test
  void tooFewDistinctRowsAreRefused() {
    Dataset same = Dataset.of(Matrix.of(new double[][] {{1}, {1}, {1}, {1}}));
    ThalwegException e =
        assertThrows(
            ThalwegException.class, () -> Splitter.split(same, Split.DEFAULT, new Seed(0)));
    assertTrue(e.getMessage().contains("1 distinct"), e.getMessage());
  }

  @Test
  void aGroupTooLargeForTestAndValidationIsTrainedOn() {
    double[] values = IntStream.range(0, 1000).mapToDouble(i -> i < 500 ? -1 : i).toArray();
    Dataset half = Dataset.of(new Matrix(1000, 1, values));
    for (long seed = 0; seed < 20; seed++) {
      Partition parts = Splitter.split(half, Split.DEFAULT, new Seed(seed));
      assertEquals(800, parts.train().length);
      assertEquals(100, parts.validation().length);
      assertEquals(100, parts.test().length);
    }
  }

  @Test
  void everyPartHasARowWhereOneGroupIsNearlyAll() {
    double[] values = IntStream.range(0, 100).mapToDouble(i -> i < 98 ? -1 : i).toArray();
    Dataset skewed = Dataset.of(new Matrix(100, 1, values));
    for (long seed = 0; seed < 20; seed++) {
      Partition parts = Splitter.split(skewed, Split.DEFAULT, new Seed(seed));
      assertEquals(98, parts.train().length);
      assertEquals(1, parts.validation().length);
      assertEquals(1, parts.test().length);
    }
  }

  @Test
  void zeroAndMinusZeroAreTheSameValue() {
    Dataset signs = Dataset.of(Matrix.of(new double[][] {{0.0}, {-0.0}, {0.0}}));
    ThalwegException e =
        assertThrows(
            ThalwegException.class, () -> Splitter.split(signs, Split.DEFAULT, new Seed(0)));
    assertTrue(e.getMessage().contains("1 distinct"), e.getMessage());
  }

  private static Set<Integer> values(int[] rows) {
    Set<Integer> out = new HashSet<>();
    for (int row : rows) {
      out.add((int) REPEATED.rows().features().get(row, 0));
    }
    return out;
  }

  /** As a table comes that is divided already; the seed does not count, nor do identical rows. */
  @Test
  void rowsAreTakenInOrder() {
    Dataset ten = Dataset.of(new Matrix(10, 1, new double[] {1, 1, 2, 3, 4, 5, 1, 6, 7, 1}));
    Split split = new Split(0.6, 0.1, 0.3, Split.Order.AS_GIVEN);
    Partition parts = Splitter.split(ten, split, new Seed(4));
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, parts.train());
    assertArrayEquals(new int[] {6}, parts.validation());
    assertArrayEquals(new int[] {7, 8, 9}, parts.test());
    Dataset one = Dataset.of(new Matrix(1, 1, new double[] {1}));
    Split mostlyTest = new Split(0.1, 0, 0.9, Split.Order.AS_GIVEN);
    assertThrows(ThalwegException.class, () -> Splitter.split(one, mostlyTest, new Seed(4)));
  }
}
