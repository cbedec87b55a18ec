package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.toolkit.data.Standardiser;

/** Rounded values need not be multiples of their step. */
class StepsTest {
  private static final int ROWS = 400;

  /**
   * Halves between whole numbers, hundredths that begin at 0.003, thousandths, and real numbers.
   */
  private static Dataset table() {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[4 * ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[4 * i] = random.nextInt(-5, 6) + 0.5;
      x[4 * i + 1] = 0.003 + 0.01 * random.nextInt(-40, 40);
      x[4 * i + 2] = 0.001 * random.nextInt(1000);
      // A few values that were not rounded, as real tables have them.
      x[4 * i + 3] = i % 20 == 0 ? random.nextDouble() : random.nextInt(3);
    }
    List<Column> columns =
        List.of(
            Column.feature("halves").withResolution(1),
            Column.feature("shifted").withResolution(0.01),
            Column.feature("thousandths").withResolution(0.001),
            Column.feature("mostly").withResolution(1));
    return new Dataset(new Schema(columns), Rows.of(new Matrix(ROWS, 4, x)));
  }

  @Test
  void originsAreFound() {
    assertArrayEquals(new double[] {0.5, 0.003, 0, 0}, Steps.origins(table()), 1e-12);
  }

  @Test
  void spreadRowsGoBackToTheMiddleOfTheirBox() {
    Dataset table = table();
    Steps steps = Steps.of(table.schema(), Standardiser.fit(table), Steps.origins(table));
    Matrix x = table.rows().features();
    Matrix spread = new Matrix(ROWS, 4, x.values().clone());
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < spread.values().length; i++) {
      spread.values()[i] += 0.98 * steps.steps()[i % 4] * (random.nextDouble() - 0.5);
    }
    Matrix back = steps.rounded(spread);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(x.get(i, j), back.get(i, j), 1e-9, "row " + i + ", column " + j);
      }
    }
  }
}
