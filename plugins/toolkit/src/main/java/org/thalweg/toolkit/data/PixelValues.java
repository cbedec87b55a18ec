package org.thalweg.toolkit.data;

import java.util.List;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelCard;

/** Columns that are pixels: whole numbers from 0 to 2^bits - 1. */
public final class PixelValues {
  private PixelValues() {}

  /**
   * Refuses values that are no pixels.
   *
   * @param advice what to do about it, in a sentence
   * @throws ThalwegException exit code 2
   */
  public static void require(Dataset data, int bits, String advice) {
    Matrix x = data.rows().features();
    int top = (1 << bits) - 1;
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        double value = x.get(i, j);
        if (!(value >= 0 && value <= top && value == Math.rint(value))) {
          throw ThalwegException.usage(
              "Column '%s', usable row %d: %s is not a pixel of %d bits, a whole number from 0 to "
                  + "%d. %s",
              data.schema().features().get(j).name(), i + 1, value, bits, top, advice);
        }
      }
    }
  }

  /** Adds what images are compared by, in bits per dimension. */
  public static ModelCard withBitsPerDimension(ModelCard card) {
    ModelCard out = card;
    double nats = card.schema().features().size() * Math.log(2);
    for (String part : List.of("train", "validation", "test")) {
      Double mean = card.metrics().get(part + "_log_density");
      if (mean != null) {
        out = out.withMetric(part + "_bits_per_dimension", -mean / nats);
      }
    }
    return out;
  }
}
