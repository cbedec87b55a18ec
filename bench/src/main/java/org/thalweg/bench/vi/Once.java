package org.thalweg.bench.vi;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.random.Seed;

/**
 * One training, printed: {@code Once TARGET METHOD SEED [float64] [race=FILE] [KEY=VALUE ...]}.
 * With {@code race} a row is added to a file that peers/vi_guides.py writes too.
 */
public final class Once {
  private Once() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    Map<String, Object> options = new TreeMap<>();
    DataType type = DataType.FLOAT32;
    for (int i = 3; i < arguments.length; i++) {
      if (arguments[i].equals("float64")) {
        type = DataType.FLOAT64;
      } else {
        String[] pair = arguments[i].split("=", 2);
        options.put(pair[0], pair[1]);
      }
    }
    Object race = options.remove("race");
    Trial trial = new Trial(type);
    Map<String, Object> data =
        PosteriorDb.all().stream()
            .filter(entry -> entry.target().equals(arguments[0]))
            .findFirst()
            .map(entry -> PosteriorDb.data(entry.data()))
            .orElse(Map.of());
    LogDensityProblem problem = trial.problem(arguments[0], data);
    var trained = trial.train(arguments[1], problem, options, Long.parseLong(arguments[2]));
    double processor =
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() * 1e-3;
    System.out.printf(
        "%.1f s, of the processor %.1f s since the start of the process%n%s%n",
        trained.seconds(), processor, trained.posterior().diagnostics());
    var weighed = trial.weigh(trained, 5000, new Seed(1));
    double kHat = weighed.psis().kHat();
    System.out.printf("elbo %.4f k %.3f%n", weighed.elbo(), kHat);
    if (race != null) {
      String row =
          String.format(
              Locale.ROOT,
              "thalweg %s,%s,%s,%.5g,%.5g,%.5g%n",
              arguments[1],
              options.get("draws"),
              options.get("steps"),
              processor,
              weighed.elbo(),
              kHat);
      Files.writeString(
          Path.of((String) race), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
