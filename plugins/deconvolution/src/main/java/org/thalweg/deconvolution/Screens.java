package org.thalweg.deconvolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.Screening;
import org.thalweg.toolkit.data.Standardiser;

/** Says which noisy rows a model takes. */
final class Screens {
  private Screens() {}

  /**
   * Rows are taken that have some finite feature and no infinite one, a finite context, and errors
   * that are sound, unless the table is one without errors.
   */
  static Screening of(Rows rows, Errors errors, Standardiser standardiser, Schema schema) {
    Screening contexts = standardiser.screen(filled(rows), schema);
    boolean[] usable = contexts.usable();
    List<String> warnings = new ArrayList<>(contexts.warnings());
    boolean without = rows.noise() instanceof Noise.None && errors.fromColumns();
    for (int i = 0; i < usable.length; i++) {
      double[] values = rows.features().row(i);
      boolean features =
          Arrays.stream(values).anyMatch(Double::isFinite)
              && Arrays.stream(values).noneMatch(Double::isInfinite);
      usable[i] = usable[i] && features;
    }
    if (!without) {
      NoisyRows noisy = errors.of(rows, standardiser);
      boolean[] sound = noisy.sound();
      for (int i = 0; i < usable.length; i++) {
        usable[i] = usable[i] && sound[i];
      }
      warnings.addAll(noisy.warnings());
    }
    return new Screening(usable, warnings);
  }

  /** Missing features are no reason to refuse a row, whose contexts are looked at. */
  private static Rows filled(Rows rows) {
    double[] values = rows.features().values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.isNaN(values[i]) ? 0 : values[i];
    }
    Matrix features = new Matrix(rows.size(), rows.features().columns(), values);
    return Rows.of(features, rows.context());
  }
}
