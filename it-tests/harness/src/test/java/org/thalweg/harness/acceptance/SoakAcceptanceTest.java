package org.thalweg.harness.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.app.demo.Ring;

/** Many fits in one JVM. */
@Tag("acceptance")
class SoakAcceptanceTest {
  private static final int FITS = 200;
  private static final int EVERY = 25;

  /** A model leaked by each of a hundred fits would be 40 MB in weights and Adam's state alone. */
  private static final double SLACK_MB = 16;

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryIsFlatOverTwoHundredFits() throws IOException {
    List<Double> resident = new ArrayList<>();
    List<Double> held = new ArrayList<>();
    Dataset data = Dataset.of(Ring.sample(500, new Seed(1)));
    try (Fits fits = new Fits()) {
      for (int i = 1; i <= FITS; i++) {
        Map<String, Object> set = Map.of("epochs", 3, "batch-size", 128, "layers", 3);
        try (Model model = fits.fit("nsf-coupling", set, data, FitOptions.seed(i))) {
          Fits.logDensity(model, data.rows());
        }
        if (i % EVERY == 0) {
          System.gc();
          resident.add(residentMegabytes());
          held.add(NativeHeap.megabytes());
        }
      }
    }
    // The compiler of the JVM takes some MB now and then, of which a median says nothing.
    int half = held.size() / 2;
    double growth = median(held.subList(half, held.size())) - median(held.subList(0, half));
    Map<String, Results.Summary> table = Results.table();
    table.put("native memory held after 25, 50, ... 200 fits, MB", summary(held));
    table.put("resident memory, which keeps what was freed, MB", summary(resident));
    Results.write(
        "soak",
        "200 fits in one JVM: memory",
        "`nsf-coupling` on 500 rows of the ring, three epochs, seeds 1 to 200, in one JVM with "
            + "`-Xmx2g`; from fits 25 to 100 to fits 125 to 200, a hundred fits on, the median of "
            + "the native memory held changed by %.1f MB.".formatted(growth),
        "times",
        table);
    assertTrue(growth < SLACK_MB, "Native memory in MB: " + held + ", resident: " + resident);
  }

  private static Results.Summary summary(List<Double> values) {
    return new Results.Summary(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
