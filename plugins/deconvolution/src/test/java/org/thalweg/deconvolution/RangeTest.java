package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RangeTest {
  @Test
  void rowsInsideAreInTheRangeOfEachColumn() {
    Range range = Range.of(new double[] {1, -5, 3, -2, 2, -9}, 2);
    double[] rows = {1, -9, 3, -2, 0.9, -5, 2, -1, Double.NaN, -5, 2, Double.POSITIVE_INFINITY};
    assertEquals(
        "110000",
        IntStream.range(0, 6)
            .mapToObj(i -> range.contains(rows, i) ? "1" : "0")
            .reduce("", String::concat));
  }
}
