package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * GAS: sixteen chemical sensors. Without the time and both concentrations, and without columns that
 * are nearly the same as another; standardised over all rows.
 *
 * <p>The published rows are a random quarter of the raw file, drawn without a seed. They are in the
 * pickle only, which this program does not open; out of the raw file another quarter is drawn.
 */
final class Gas implements PublishedSet.Preparation {
  private static final int RAW = 19;
  private static final int BEFORE_SENSORS = 3;
  private static final double QUARTER = 0.25;

  @Override
  public Parts prepare(Source source, Seed seed) {
    String[] arrays = {"gas/ethylene_CO.npy", "ethylene_CO.npy"};
    Optional<Path> array = source.find(arrays);
    Matrix all =
        array
            .map(file -> Source.array(file, RAW))
            .orElseGet(
                () -> {
                  Path text =
                      source
                          .find("ethylene_CO.txt")
                          .orElseThrow(() -> source.missing("ethylene_CO.npy", "ethylene_CO.txt"));
                  return quarter(text, seed);
                });
    Matrix sensors = Recipe.uncorrelated(Recipe.columns(all, j -> j >= BEFORE_SENSORS));
    return Recipe.lastTenths(Recipe.Moments.sample(sensors).standardise(sensors));
  }

  /** In a random order, as rows of one part must not follow those of another in time. */
  private static Matrix quarter(Path text, Seed seed) {
    RowList rows = new RowList(text, RAW);
    SplittableRandom random = seed.child("quarter").generator();
    long[] line = {0};
    Source.lines(
        text,
        read -> {
          if (line[0]++ > 0 && !read.isBlank() && random.nextDouble() < QUARTER) {
            rows.add(read.strip().split("\\s+"), line[0]);
          }
        });
    Matrix all = rows.matrix();
    new NumpyRandom((int) seed.child("order").value()).shuffle(all);
    return all;
  }
}
