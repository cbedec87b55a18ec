package org.thalweg.bench.aem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.app.numpy.NumpyArray;
import org.thalweg.app.numpy.NumpyFile;
import org.thalweg.bench.planar.PlanarSet;
import org.thalweg.toolkit.data.Splitter;

/**
 * What is fitted, and the rows that are kept for judging; both depend on the seed.
 *
 * @param train rows to fit and validate on
 * @param test rows that no fit sees
 * @param truth the exact log-density, where it is known
 */
record Sets(Matrix train, Matrix test, Optional<ToDoubleBiFunction<Double, Double>> truth) {
  private static final int PLANAR_ROWS = 200_000;
  private static final int PLANAR_TEST = 4000;
  private static final int MOST_TEST = 1000;

  /** The set of a name. */
  static Sets of(String name, long seed) {
    return switch (name) {
      case "white" ->
          divided(array("density-deconvolution/white_no_discrete_no_corr_0.98.npy"), seed);
      case "red" -> divided(array("density-deconvolution/red_no_discrete_no_corr_0.98.npy"), seed);
      case "protein", "kin40k" -> divided(table("uci-regression/" + name + ".data.csv.gz"), seed);
      case "miniboone" -> divided(array("miniboone-sample/miniboone_first1523.npy"), seed);
      case "power" ->
          divided(minutes("power-sample/household_power_minute_20061216_20061230.csv.gz"), seed);
      default -> planar(name, seed);
    };
  }

  /** A set of the plane. */
  static PlanarSet named(String name) {
    return name.equals("picture")
        ? PictureSet.picture()
        : PlanarSet.all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static Sets planar(String name, long seed) {
    PlanarSet set = named(name);
    return new Sets(
        new Matrix(PLANAR_ROWS, 2, set.sample(PLANAR_ROWS, 1000 + seed)),
        new Matrix(PLANAR_TEST, 2, set.sample(PLANAR_TEST, 2000 + seed)),
        set.logDensity());
  }

  /** A tenth of the rows is kept, of which at most some are judged. */
  private static Sets divided(Matrix all, long seed) {
    int[] order = Splitter.shuffled(all.rows(), new Seed(seed).child("held out"));
    int kept = all.rows() / 10;
    int[] test = Arrays.copyOf(order, Math.min(kept, MOST_TEST));
    int[] train = Arrays.copyOfRange(order, kept, all.rows());
    return new Sets(all.select(train), all.select(test), Optional.empty());
  }

  private static Path file(String name) {
    String directory = System.getenv().getOrDefault("THALWEG_DATA", "../shared/data");
    return Path.of(directory, name);
  }

  private static Matrix array(String name) {
    NumpyArray array = NumpyFile.read(file(name)).get(0);
    Matrix out = Matrix.zeros(array.rows(), array.columns());
    IntStream.range(0, out.values().length)
        .forEach(i -> out.values()[i] = array.number(i / array.columns(), i % array.columns()));
    return out;
  }

  /**
   * Minutes of a household's electricity, as the POWER set has them: active power, voltage, three
   * meters, minutes of the day, with a little noise on what is rounded (Papamakarios and others,
   * 2017, appendix D).
   */
  private static Matrix minutes(String name) {
    double[] steps = {0.001, 0.01, 1, 1, 1, 1};
    SplittableRandom random = new SplittableRandom(1);
    double[][] rows =
        lines(name).stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .filter(cells -> Arrays.stream(cells).noneMatch(String::isBlank))
            .map(
                cells -> {
                  String[] time = cells[0].substring(cells[0].indexOf(' ') + 1).split(":");
                  double minute = 60 * Double.parseDouble(time[0]) + Double.parseDouble(time[1]);
                  double[] row = {
                    Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[5]),
                    Double.parseDouble(cells[6]),
                    Double.parseDouble(cells[7]),
                    minute
                  };
                  Arrays.setAll(row, j -> row[j] + steps[j] * random.nextDouble());
                  return row;
                })
            .toArray(double[][]::new);
    return Matrix.of(rows);
  }

  private static List<String> lines(String name) {
    try (var stream = new GZIPInputStream(Files.newInputStream(file(name)));
        var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matrix table(String name) {
    return Matrix.of(
        lines(name).stream()
            .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new));
  }
}
