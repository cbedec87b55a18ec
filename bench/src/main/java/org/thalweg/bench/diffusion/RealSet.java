package org.thalweg.bench.diffusion;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;

/**
 * A table that diffusions are compared on.
 *
 * @param name as the command has it
 * @param data all of it
 * @param options what the estimator is told about it
 */
public record RealSet(String name, Dataset data, Map<String, Object> options) {
  /** What the white wines' columns are rounded to. */
  private static final double[] WINE_STEPS = {
    0.1, 0.01, 0.01, 0.1, 0.001, 1, 1, 1e-5, 0.01, 0.01, 0.1
  };

  private static final int IMAGES = 10_000;

  /** A set by its name, from the directory that THALWEG_DATA names. */
  public static RealSet of(String name) throws IOException {
    Path root =
        Path.of(Optional.ofNullable(System.getenv("THALWEG_DATA")).orElse("../shared/data"));
    return switch (name) {
      case "wine-white" -> wine(root.resolve("wine-quality/winequality-white.csv"));
      case "protein" -> protein(root.resolve("uci-regression/protein.data.csv.gz"));
      case "mnist8" -> images(root.resolve("mnist/train-images-idx3-ubyte.gz"), name, 8);
      case "mnist16" -> images(root.resolve("mnist/train-images-idx3-ubyte.gz"), name, 16);
      case "mnist28" -> digits(root.resolve("mnist/train-images-idx3-ubyte.gz"));
      default ->
          throw new IllegalArgumentException(
              "No set '" + name + "': there are wine-white, protein, mnist8, mnist16, mnist28.");
    };
  }

  private static RealSet wine(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] names = lines.get(0).replace("\"", "").split(";");
    List<Column> columns = new ArrayList<>();
    for (int j = 0; j < WINE_STEPS.length; j++) {
      columns.add(Column.feature(names[j]).withResolution(WINE_STEPS[j]));
    }
    double[][] rows =
        lines.stream()
            .skip(1)
            .map(line -> Arrays.copyOf(numbers(line, ";"), WINE_STEPS.length))
            .toArray(double[][]::new);
    Dataset data = new Dataset(new Schema(columns), Rows.of(Matrix.of(rows)));
    return new RealSet("wine-white", data, Map.of());
  }

  private static RealSet protein(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      double[][] rows = reader.lines().map(line -> numbers(line, ",")).toArray(double[][]::new);
      return new RealSet("protein", Dataset.of(Matrix.of(rows)), Map.of());
    }
  }

  private static double[] numbers(String line, String separator) {
    return Arrays.stream(line.split(separator)).mapToDouble(Double::parseDouble).toArray();
  }

  /** Handwritten digits in a frame of 32 x 32, averaged down to a side, as whole numbers. */
  private static RealSet images(Path file, String name, int side) throws IOException {
    int factor = 32 / side;
    double[] x = new double[IMAGES * side * side];
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
      in.readNBytes(16);
      for (int n = 0; n < IMAGES; n++) {
        byte[] image = in.readNBytes(28 * 28);
        for (int p = 0; p < image.length; p++) {
          int row = (p / 28 + 2) / factor;
          int column = (p % 28 + 2) / factor;
          x[(n * side + row) * side + column] += (image[p] & 0xff) / (double) (factor * factor);
        }
      }
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(x[i]);
    }
    Dataset data = Dataset.of(new Matrix(IMAGES, side * side, x));
    return new RealSet(
        name, data, Map.of("height", side, "width", side, "hidden", 32, "blocks", 1));
  }

  /** Handwritten digits as they are. */
  private static RealSet digits(Path file) throws IOException {
    int pixels = 28 * 28;
    double[] x = new double[IMAGES * pixels];
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
      in.readNBytes(16);
      byte[] images = in.readNBytes(x.length);
      Arrays.setAll(x, i -> images[i] & 0xff);
    }
    Dataset data = Dataset.of(new Matrix(IMAGES, pixels, x));
    return new RealSet(
        "mnist28", data, Map.of("height", 28, "width", 28, "hidden", 32, "blocks", 1));
  }
}
