package org.thalweg.bench.sbi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.data.Matrix;

/** The benchmark's files: observations, reference posteriors, published results. */
final class SbibmFiles {
  /**
   * What was published for a cell.
   *
   * @param c2st the accuracy
   * @param minutes of the run
   */
  record Published(double c2st, double minutes) {}

  private static final int PUBLISHED_OBSERVATIONS = 10;

  private static final String DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private final Path directory;
  private final Map<String, Published> published = new HashMap<>();

  SbibmFiles() throws IOException {
    directory =
        Path.of(System.getenv().getOrDefault("THALWEG_DATA", "../shared/data")).resolve("sbibm");
    // The mixture was run again after a bug in its simulator was mended: the later file wins.
    for (String file : List.of("main_paper.csv", "gaussian_mixture_rerun.csv")) {
      for (String line : Files.readAllLines(directory.resolve("results").resolve(file))) {
        String[] fields = line.split(",", -1);
        if (!fields[0].equals("task") && !fields[4].isEmpty()) {
          double minutes = fields[8].isEmpty() ? Double.NaN : Double.parseDouble(fields[8]);
          published.put(
              String.join(",", fields[0], fields[3], "" + number(fields[1]), fields[2]),
              new Published(Double.parseDouble(fields[4]), minutes));
        }
      }
    }
  }

  /** {@code 10³} is 1000. */
  private static int number(String text) {
    return (int) Math.round(Math.pow(10, DIGITS.indexOf(text.charAt(2))));
  }

  Optional<Published> published(Cell cell) {
    return Optional.ofNullable(
        published.get(
            String.join(
                ",",
                cell.task(),
                Cell.PUBLISHED.get(cell.method()),
                "" + cell.simulations(),
                "" + cell.observation())));
  }

  /** What a run of the task and method took, over all published observations; 0 if none was. */
  double minutes(Cell cell) {
    return IntStream.rangeClosed(1, PUBLISHED_OBSERVATIONS)
        .mapToObj(o -> published(new Cell(cell.task(), cell.method(), cell.simulations(), o)))
        .flatMap(Optional::stream)
        .mapToDouble(Published::minutes)
        .filter(Double::isFinite)
        .average()
        .orElse(0);
  }

  /** {@code [1, X]}. */
  Matrix observation(Cell cell) throws IOException {
    String file =
        switch (cell.task()) {
          case "slcp_distractors" -> "observation_distractors.csv";
          case "bernoulli_glm_raw" -> "observation_raw.csv";
          default -> "observation.csv";
        };
    return read(folder(cell).resolve(file));
  }

  /** {@code [10000, P]}. */
  Matrix reference(Cell cell) throws IOException {
    return read(folder(cell).resolve("reference_posterior_samples.csv.gz"));
  }

  private Path folder(Cell cell) {
    String task = cell.task().replace("_distractors", "").replace("_raw", "");
    return directory.resolve(task).resolve("num_observation_" + cell.observation());
  }

  private static Matrix read(Path path) throws IOException {
    try (InputStream raw = Files.newInputStream(path);
        InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return Matrix.of(
          reader
              .lines()
              .skip(1)
              .map(
                  line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
              .toArray(double[][]::new));
    }
  }
}
