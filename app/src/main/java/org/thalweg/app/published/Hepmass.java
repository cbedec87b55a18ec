package org.thalweg.app.published;

import java.nio.file.Path;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * HEPMASS: collisions that gave a particle of mass 1000. Signal only, without discrete columns,
 * standardised by the training file; the test rows are a file of their own, with a stray last
 * column.
 */
final class Hepmass implements PublishedSet.Preparation {
  /** The label and 27 features; the mass is the same in all rows. */
  private static final int RAW = 28;

  @Override
  public Parts prepare(Source source, Seed seed) {
    String train = "1000_train.csv";
    String test = "1000_test.csv";
    Matrix some =
        signal(source.find("hepmass/" + train, train).orElseThrow(() -> source.missing(train)));
    Matrix others =
        signal(source.find("hepmass/" + test, test).orElseThrow(() -> source.missing(test)));
    Recipe.Moments moments = Recipe.Moments.sample(some);
    boolean[] discrete = Recipe.discrete(some);
    return Recipe.withTest(
        Recipe.columns(moments.standardise(some), j -> !discrete[j]),
        Recipe.columns(moments.standardise(others), j -> !discrete[j]));
  }

  private static Matrix signal(Path file) {
    RowList rows = new RowList(file, RAW - 1);
    long[] line = {0};
    Source.lines(
        file,
        read -> {
          if (line[0]++ == 0 || read.isBlank()) {
            return;
          }
          String[] cells = read.split(",", -1);
          if (cells.length != RAW && cells.length != RAW + 1) {
            throw Source.unexpected(
                file, "line %d has %d values, %d are expected.", line[0], cells.length, RAW);
          }
          if (rows.number(cells[0], line[0]) == 1) {
            for (int j = 1; j < RAW; j++) {
              rows.add(rows.number(cells[j], line[0]));
            }
          }
        });
    return rows.matrix();
  }
}
