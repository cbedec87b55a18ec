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
        }
      }
    }
    double half = resident.get(resident.size() / 2 - 1);
    double last = resident.get(resident.size() - 1);
    Map<String, Results.Summary> table = Results.table();
    double[] values = resident.stream().mapToDouble(Double::doubleValue).toArray();
    table.put("resident memory after 25, 50, ... 200 fits, MB", new Results.Summary(values));
    Results.write(
        "soak",
        "200 fits in one JVM: memory",
        "`nsf-coupling` on 500 rows of the ring, three epochs, seeds 1 to 200, in one JVM with "
            + "`-Xmx2g`; from fit 100 to fit 200 resident memory changed by %.1f MB."
                .formatted(last - half),
        "times",
        table);
    assertTrue(last - half < SLACK_MB, "Resident memory in MB: " + resident);
  }

  private static double residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
