package org.thalweg.bench.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the driver's own tool says of memory and use, while something runs. */
final class Gauge implements AutoCloseable {
  private final Optional<Process> process;
  private volatile double mostMegabytes;
  private volatile double useSum;
  private volatile int count;

  private Gauge(Optional<Process> process) {
    this.process = process;
    process.ifPresent(
        tool -> {
          Thread reader = new Thread(() -> read(tool), "gauge");
          reader.setDaemon(true);
          reader.start();
        });
  }

  /** Starts; without the tool it says nothing. */
  static Gauge start() {
    try {
      return new Gauge(
          Optional.of(
              new ProcessBuilder(
                      "nvidia-smi",
                      "--query-gpu=memory.used,utilization.gpu",
                      "--format=csv,noheader,nounits",
                      "--loop-ms=200",
                      "--id=0")
                  .redirectError(ProcessBuilder.Redirect.DISCARD)
                  .start()));
    } catch (IOException e) {
      return new Gauge(Optional.empty());
    }
  }

  /** The card and its driver; empty without the tool. */
  static Optional<String> card() {
    try {
      Process tool =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name,driver_version,memory.total",
                  "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader in = reader(tool)) {
        return Optional.ofNullable(in.readLine());
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static BufferedReader reader(Process tool) {
    return new BufferedReader(new InputStreamReader(tool.getInputStream(), StandardCharsets.UTF_8));
  }

  private void read(Process tool) {
    try (BufferedReader in = reader(tool)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] numbers = line.split(",");
        mostMegabytes = Math.max(mostMegabytes, Double.parseDouble(numbers[0].strip()));
        useSum += Double.parseDouble(numbers[1].strip());
        count++;
      }
    } catch (IOException | NumberFormatException e) {
      count = 0;
    }
  }

  Optional<Double> megabytes() {
    return count > 0 ? Optional.of(mostMegabytes) : Optional.empty();
  }

  /** Per cent of the time in which a kernel ran. */
  Optional<Double> use() {
    return count > 0 ? Optional.of(useSum / count) : Optional.empty();
  }

  @Override
  public void close() {
    process.ifPresent(Process::destroy);
  }
}
