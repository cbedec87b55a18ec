package org.thalweg.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Fits that take a second, and what they wrote. */
final class Models {
  private Models() {}

  /** A command that fits on one thread with the seed 1; more words may follow. */
  static String[] fit(String estimator, Path data, Path model, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("fit", "--estimator", estimator, "--data", data.toString(), "--out"));
    words.add(model.toString());
    words.addAll(List.of("--seed", "1", "--threads", "1", "--engine", "cpu"));
    words.addAll(List.of("--set", "batch-size=64"));
    words.addAll(Arrays.asList(more));
    return words.toArray(String[]::new);
  }

  /** The same with so many epochs. */
  static String[] shortFit(String estimator, Path data, Path model) {
    return fit(estimator, data, model, "--set", "epochs=2");
  }

  /** The digest of the weights alone: times and versions are not in it. */
  static String weights(Path model) throws IOException {
    try (ZipFile zip = new ZipFile(model.toFile(), UTF_8)) {
      ZipEntry entry = zip.getEntry("weights.safetensors");
      return digest(zip.getInputStream(entry).readAllBytes());
    }
  }

  /** The digest of a file. */
  static String file(Path file) throws IOException {
    return digest(Files.readAllBytes(file));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
