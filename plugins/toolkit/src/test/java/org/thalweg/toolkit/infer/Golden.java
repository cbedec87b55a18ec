package org.thalweg.toolkit.infer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Rows of a file that {@code bench/peers/arviz_golden.py} writes, and the generator behind it. */
final class Golden {
  private long state;

  Golden(long seed) {
    this.state = seed;
  }

  static Stream<String[]> rows(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Golden.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).map(line -> line.split(",")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double uniform() {
    state = state * 6364136223846793005L + 1442695040888963407L;
    return ((state >>> 11) + 0.5) / 0x1p53;
  }

  double normal() {
    double total = 0;
    for (int i = 0; i < 12; i++) {
      total += uniform();
    }
    return total - 6;
  }
}
