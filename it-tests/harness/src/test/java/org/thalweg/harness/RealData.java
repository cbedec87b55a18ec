package org.thalweg.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real data, in the directory that {@code THALWEG_DATA} names, else {@code ../shared/data}. */
public final class RealData {
  private RealData() {}

  /** A file by its place there; a test is skipped where it is missing. */
  public static Path file(String name) {
    String set = System.getProperty("thalweg.data", "");
    Path base =
        set.isBlank() || set.startsWith("$")
            ? Path.of(System.getProperty("thalweg.checkout")).resolve("../shared/data")
            : Path.of(set);
    Path file = base.resolve(name).toAbsolutePath().normalize();
    Assumptions.assumeTrue(
        Files.isReadable(file), () -> file + " is missing; set THALWEG_DATA to where the data is.");
    return file;
  }
}
