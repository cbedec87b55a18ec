package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * POWER: minutes of a household's electricity. Without the date, the global intensity and the
 * reactive power; the time as minutes of the day; a little uniform noise on what is rounded.
 *
 * <p>Out of the prepared array all is as published, to the bit. Out of the raw file the order and
 * the noise are drawn anew, so that the rows of each part are others.
 */
final class Power implements PublishedSet.Preparation {
  /** Active and reactive power, voltage, intensity, three meters, time. */
  private static final int PREPARED = 8;

  private static final int RAW = 9;
  private static final int REACTIVE = 1;
  private static final int INTENSITY = 3;

  /** Of active power, voltage, the meters, the time. */
  private static final double[] NOISE = {0.001, 0.01, 1, 1, 1, 0};

  private static final int PUBLISHED_SEED = 42;

  @Override
  public Parts prepare(Source source, Seed seed) {
    String[] arrays = {"power/data.npy", "data.npy", "power.npy"};
    String[] texts = {"household_power_consumption.txt"};
    Optional<Path> array = source.find(arrays);
    if (array.isPresent()) {
      return prepared(Source.array(array.get(), PREPARED), PUBLISHED_SEED);
    }
    Path text = source.find(texts).orElseThrow(() -> source.missing("power/data.npy", texts[0]));
    return prepared(raw(text, seed), (int) seed.value());
  }

  private static Parts prepared(Matrix all, int seed) {
    NumpyRandom random = new NumpyRandom(seed);
    random.shuffle(all);
    Matrix kept = Recipe.columns(all, j -> j != REACTIVE && j != INTENSITY);
    int d = kept.columns();
    // In the order of the published script, which draws the voltage's noise first.
    for (int[] columns : new int[][] {{1}, {0}, {2, 3, 4}}) {
      for (int i = 0; i < kept.rows(); i++) {
        for (int j : columns) {
          kept.values()[i * d + j] += NOISE[j] * random.uniform();
        }
      }
    }
    return Recipe.standardised(Recipe.lastTenths(kept));
  }

  /** Minutes without a missing value, and the time spread over its minute. */
  private static Matrix raw(Path text, Seed seed) {
    RowList rows = new RowList(text, PREPARED);
    SplittableRandom random = seed.child("time").generator();
    long[] line = {0};
    Source.lines(
        text,
        read -> {
          String[] cells = read.split(";", -1);
          boolean head = line[0]++ == 0;
          if (cells.length != RAW) {
            throw Source.unexpected(
                text, "line %d has %d values, %d are expected.", line[0], cells.length, RAW);
          }
          if (head || cells[2].equals("?") || cells[2].isEmpty()) {
            return;
          }
          for (int j = 2; j < RAW; j++) {
            rows.add(rows.number(cells[j], line[0]));
          }
          rows.add(minute(rows, cells[1], line[0]) + random.nextDouble());
        });
    return rows.matrix();
  }

  private static double minute(RowList rows, String time, long line) {
    String[] parts = time.split(":");
    if (parts.length < 2) {
      rows.number(time + " as a time", line);
    }
    return 60 * rows.number(parts[0], line) + rows.number(parts[1], line);
  }
}
