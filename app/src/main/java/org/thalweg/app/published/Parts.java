package org.thalweg.app.published;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.Reason;
import org.thalweg.app.numpy.NumpyWriter;

/**
 * A set as it is fitted and judged: standardised rows, in the order in which they are divided.
 *
 * @param train rows to fit
 * @param validation rows to stop by
 * @param test rows to judge by
 */
public record Parts(Matrix train, Matrix validation, Matrix test) {
  private List<Matrix> all() {
    return List.of(train, validation, test);
  }

  /** How many rows the three have together. */
  public int rows() {
    return train.rows() + validation.rows() + test.rows();
  }

  /** The division that takes rows in the order of the file. */
  public Split split() {
    double n = rows();
    double v = validation.rows() / n;
    double t = test.rows() / n;
    return new Split(1 - v - t, v, t, Split.Order.AS_GIVEN);
  }

  /** Writes the rows of all three, one after another, as one array. */
  public void write(Path file) {
    try (NumpyWriter writer = new NumpyWriter(file, false)) {
      writer.begin("X", false, rows(), train.columns(), false);
      for (Matrix part : all()) {
        for (double value : part.values()) {
          writer.add(value);
        }
      }
      writer.end();
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot write '" + file + "': " + Reason.of(e) + ".", e);
    }
  }
}
