package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * MINIBOONE: electron neutrinos. Signal only, without eleven outliers and without discrete columns,
 * in the order of the file.
 */
final class Miniboone implements PublishedSet.Preparation {
  private static final int COLUMNS = 43;
  private static final int RAW = 50;
  private static final double OUTLIER = -100;

  @Override
  public Parts prepare(Source source, Seed seed) {
    String[] arrays = {"miniboone/data.npy", "data.npy", "miniboone.npy"};
    Optional<Path> array = source.find(arrays);
    Matrix all =
        array
            .map(file -> Source.array(file, COLUMNS))
            .orElseGet(
                () ->
                    raw(
                        source
                            .find("MiniBooNE_PID.txt")
                            .orElseThrow(
                                () -> source.missing("miniboone/data.npy", "MiniBooNE_PID.txt"))));
    return Recipe.standardised(Recipe.lastTenths(all));
  }

  /** The first line says how many of the rows that follow are signal, and how many are not. */
  private static Matrix raw(Path text) {
    RowList rows = new RowList(text, RAW);
    long[] state = {0, 0};
    Source.lines(
        text,
        read -> {
          String[] cells = read.strip().split("\\s+");
          if (state[0]++ == 0) {
            state[1] = (long) rows.number(cells[0], 1);
          } else if (state[0] <= state[1] + 1 && !read.isBlank()) {
            boolean outlier = rows.number(cells[0], state[0]) < OUTLIER;
            if (!outlier) {
              rows.add(cells, state[0]);
            }
          }
        });
    Matrix signal = rows.matrix();
    boolean[] discrete = Recipe.discrete(signal);
    return Recipe.columns(signal, j -> !discrete[j]);
  }
}
