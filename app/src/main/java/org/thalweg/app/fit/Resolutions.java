package org.thalweg.app.fit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.app.console.Console;
import org.thalweg.toolkit.data.Dequantiser;

/** Finds the features that were rounded, and declares their resolutions or warns of them. */
public final class Resolutions {
  /** Of continuous values in double precision hardly any repeat. */
  private static final double REPEATED = 0.05;

  private final Console console;

  /** Reports to a console. */
  public Resolutions(Console console) {
    this.console = console;
  }

  /** The table with the resolution of every rounded feature declared. */
  public Dataset declare(Dataset data) {
    List<Column> columns = new ArrayList<>();
    int feature = 0;
    for (Column column : data.schema().columns()) {
      Column declared = column;
      if (column.role() == Role.FEATURE) {
        if (Dequantiser.step(column).isEmpty()) {
          declared = declare(column, Rounding.of(data.rows().features().column(feature)));
        }
        feature++;
      }
      columns.add(declared);
    }
    return new Dataset(new Schema(columns), data.rows());
  }

  /** Warns of features that are rounded and not declared so. */
  public void warn(Dataset data) {
    List<String> rounded = new ArrayList<>();
    List<Column> features = data.schema().features();
    for (int j = 0; j < features.size(); j++) {
      if (Dequantiser.step(features.get(j)).isEmpty()) {
        Rounding rounding = Rounding.of(data.rows().features().column(j));
        if (rounding.repeated() > REPEATED) {
          rounded.add("'" + features.get(j).name() + "' (" + percent(rounding.repeated()) + ")");
        }
      }
    }
    if (!rounded.isEmpty()) {
      console.warn(
          "values repeat in %s: a density is unbounded on repeated values, and its log-density then "
              + "says little. Spread them with --dequantise, or declare a resolution in --schema.",
          String.join(", ", rounded));
    }
  }

  private Column declare(Column column, Rounding rounding) {
    if (rounding.step().isPresent()) {
      double step = rounding.step().getAsDouble();
      console.info(
          "Column '%s' is rounded to %s (%s of its values are multiples); dequantised.",
          column.name(),
          new BigDecimal(Double.toString(step)).stripTrailingZeros().toPlainString(),
          percent(rounding.share()));
      return column.withResolution(step);
    }
    if (rounding.repeated() > REPEATED) {
      console.warn(
          "values repeat in '%s' (%s), but at no power of ten: declare its resolution in --schema.",
          column.name(), percent(rounding.repeated()));
    }
    return column;
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }
}
