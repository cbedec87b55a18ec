package org.thalweg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.thalweg.bench.gpu.Launches;

/**
 * Does what the driver, {@code bench/peers/compare.py}, asks for: one JSON object a line on the
 * standard input, one a line in answer. The workers of the peers speak the same protocol.
 */
public final class Worker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Session session;

  private Worker() {}

  /** Answers until the input ends. */
  public static void main(String[] args) throws IOException {
    Worker worker = new Worker();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(JSON.writeValueAsString(worker.answer(line)));
    }
    System.exit(0); // a paused fit never ends by itself
  }

  private Map<String, Object> answer(String line) {
    try {
      JsonNode request = JSON.readTree(line);
      int count = request.path("count").asInt();
      String command = request.required("command").asText();
      return switch (command) {
        case "setup" -> setup(request);
        case "fit" -> session.fit(count);
        case "train" -> session.train(count);
        case "estimate" -> session.estimate(WholeFit.of(request));
        case "partition" -> Map.of("validation", session.validationRows());
        case "score" -> session.score(count);
        case "sample" -> session.sample(count);
        case "operations" -> session.operations();
        case "count" ->
            Map.of("operations", Launches.count(Path.of(request.required("path").asText())));
        case "memory" -> Map.of("peak_mb", peakMegabytes());
        default -> Map.of("error", "There is no command '" + command + "'.");
      };
    } catch (IOException | RuntimeException failure) {
      failure.printStackTrace();
      return Map.of("error", String.valueOf(failure.getMessage()));
    }
  }

  private Map<String, Object> setup(JsonNode request) throws IOException {
    session = new Session(Job.of(request));
    return Map.of("runtime", "Java " + Runtime.version());
  }

  /** The most memory that the process has had, as the operating system counts it. */
  private static double peakMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
