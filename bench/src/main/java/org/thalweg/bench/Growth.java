package org.thalweg.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.thalweg.app.picture.PictureFile;

/**
 * How the cost of a training step and of scoring grows: {@code Growth OUT.csv PICTURE.png DATA}.
 * One quantity is changed at a time from a common point; what is measured is processor time a row.
 * Rows that the file has already are not measured again.
 *
 * <p>DATA holds float32 rows of 64 columns, of which the first D are used.
 */
public final class Growth {
  private static final int COLUMNS = 64;
  private static final int ROWS = 12_288;
  private static final int TEST_ROWS = 4096;
  private static final long SEED = 1;
  private static final String HEAD = "flow,axis,value,kind,seed,microseconds_a_row";
  private static final Map<String, Integer> POINT =
      Map.of("columns", 16, "bins", 8, "layers", 5, "batch", 512, "threads", 1);
  private static final Map<String, List<Integer>> AXES =
      new LinkedHashMap<>(
          Map.of(
              "columns", List.of(2, 4, 8, 16, 32, 64),
              "bins", List.of(2, 4, 8, 16, 32),
              "layers", List.of(1, 2, 5, 10),
              "batch", List.of(64, 256, 512, 1024, 4096),
              "threads", List.of(1, 2)));

  private final Path out;
  private final Path data;

  private Growth(Path out, Path data) {
    this.out = out;
    this.data = data;
  }

  /** Measures what is missing and draws all. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("Growth OUT.csv PICTURE.png DATA");
      System.exit(2);
    }
    Growth growth = new Growth(Path.of(arguments[0]), Path.of(arguments[2]));
    for (String flow : List.of("autoregressive", "coupling")) {
      for (String axis : AXES.keySet().stream().sorted().toList()) {
        for (int value : AXES.get(axis)) {
          growth.measure(flow, axis, value);
        }
      }
    }
    PictureFile.write(Path.of(arguments[1]), GrowthPicture.draw(Files.readAllLines(growth.out)));
    System.exit(0); // a paused fit never ends by itself
  }

  private void measure(String flow, String axis, int value) throws IOException {
    Set<String> done =
        Files.exists(out)
            ? Files.readAllLines(out).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .collect(Collectors.toSet())
            : Set.of();
    String key = "%s,%s,%d,".formatted(flow, axis, value);
    String train = key + "train," + SEED;
    String score = key + "score," + SEED;
    if (done.contains(train) && done.contains(score)) {
      return;
    }
    if (!Files.exists(out)) {
      Files.writeString(out, HEAD + "\n");
    }
    ObjectNode job = job(flow, axis, value);
    Session session = new Session(Job.of(job));
    session.fit(2);
    int batch = job.get("batch").asInt();
    write(train, cost(session::train, batch));
    write(score, cost(session::score, batch));
  }

  private void write(String key, double microseconds) throws IOException {
    String row = String.format(Locale.ROOT, "%s,%.3f%n", key, microseconds);
    System.out.print(row);
    Files.writeString(out, row, StandardOpenOption.APPEND);
  }

  private ObjectNode job(String flow, String axis, int value) throws IOException {
    Map<String, Integer> point = new LinkedHashMap<>(POINT);
    point.put(axis, value);
    ObjectNode job = new ObjectMapper().createObjectNode();
    point.forEach(job::put);
    job.put("conditioner", flow).put("univariate", "rational-quadratic");
    job.put("rest", "free").put("linear", "lu").put("hidden", COLUMNS).put("blocks", 2);
    job.put("seed", SEED).put("learning_rate", 1e-3);
    job.put("data", first(point.get("columns")).toString());
    return job.put("train_rows", ROWS).put("test_rows", TEST_ROWS);
  }

  /** A file of the first columns. */
  private Path first(int columns) throws IOException {
    byte[] all = Files.readAllBytes(data);
    byte[] some = new byte[(ROWS + TEST_ROWS) * columns * Float.BYTES];
    for (int i = 0; i < ROWS + TEST_ROWS; i++) {
      System.arraycopy(
          all, i * COLUMNS * Float.BYTES, some, i * columns * Float.BYTES, columns * Float.BYTES);
    }
    Path file = Files.createTempFile("growth", ".f32");
    file.toFile().deleteOnExit();
    return Files.write(file, some);
  }

  /** Processor microseconds a row, the median of nine blocks after a warm-up. */
  private static double cost(Block block, int batch) {
    long start = System.nanoTime();
    int count = 1;
    while (System.nanoTime() - start < 4_000_000_000L) {
      long before = System.nanoTime();
      block.run(count);
      count = (int) Math.max(1, count * 0.3e9 / (System.nanoTime() - before));
    }
    double[] costs = new double[9];
    for (int i = 0; i < costs.length; i++) {
      long before = processorTime();
      block.run(count);
      costs[i] = (processorTime() - before) * 1e-3 / count / batch;
    }
    Arrays.sort(costs);
    return costs[costs.length / 2];
  }

  private static long processorTime() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  /** So many steps or batches. */
  @FunctionalInterface
  private interface Block {
    void run(int count);
  }
}
