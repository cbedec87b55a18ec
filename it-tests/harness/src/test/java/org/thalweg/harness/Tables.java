package org.thalweg.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Small tables. */
final class Tables {
  private Tables() {}

  /** Two correlated columns {@code a} and {@code b}, the same rows every time. */
  static Path pair(Path file, int rows) throws IOException {
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("a,b\n");
    for (int i = 0; i < rows; i++) {
      double a = random.nextGaussian();
      double b = 10 + 0.5 * a * a + 0.2 * random.nextGaussian();
      csv.append(String.format(Locale.ROOT, "%.6f,%.6f%n", a, b));
    }
    return Files.writeString(file, csv);
  }

  /** A table as it is written here, a line each. */
  static Path lines(Path file, String... lines) throws IOException {
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }
}
