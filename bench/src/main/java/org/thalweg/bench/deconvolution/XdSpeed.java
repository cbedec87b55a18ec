package org.thalweg.bench.deconvolution;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * {@code XdSpeed rows N FILE}: writes N rows of three columns and their covariances as doubles, for
 * peers; {@code XdSpeed time N K STEPS}: prints the least wall seconds of an EM step over them, on
 * one thread, and the resident memory in MB.
 */
public final class XdSpeed {
  private static final int D = 3;

  private XdSpeed() {}

  /** Writes rows, or times steps. */
  public static void main(String[] arguments) throws IOException {
    int n = Integer.parseInt(arguments[1]);
    Dataset data = rows(n);
    if (arguments[0].equals("rows")) {
      double[] x = data.rows().features().values();
      double[] s = ((Noise.Full) data.rows().noise()).covariances().values();
      ByteBuffer out =
          ByteBuffer.allocate(8 * (x.length + s.length)).order(ByteOrder.LITTLE_ENDIAN);
      for (double v : x) {
        out.putDouble(v);
      }
      for (double v : s) {
        out.putDouble(v);
      }
      Files.write(Path.of(arguments[2]), out.array());
      return;
    }
    int k = Integer.parseInt(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    double least = time(Installed.registry().estimator("xd-gmm"), data, k, steps);
    System.out.printf(Locale.ROOT, "%.5f %.0f%n", least, resident());
  }

  private static Dataset rows(int n) {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = new double[n * D];
    double[] s = new double[n * D * D];
    Column[] columns = new Column[D + D * D];
    for (int j = 0; j < columns.length; j++) {
      columns[j] =
          j < D
              ? Column.feature("x" + j)
              : new Column("s" + j, Role.NOISE_COV, Kind.REAL, java.util.OptionalDouble.empty());
    }
    for (int i = 0; i < n; i++) {
      double[] a = new double[D * D];
      for (int e = 0; e < D * D; e++) {
        a[e] = 0.3 * random.nextGaussian();
      }
      int centre = random.nextInt(12);
      for (int j = 0; j < D; j++) {
        x[i * D + j] = 3 * Math.cos(1.7 * centre + j) + 0.5 * random.nextGaussian();
        for (int l = 0; l < D; l++) {
          for (int m = 0; m < D; m++) {
            s[(i * D + j) * D + l] += a[j * D + m] * a[l * D + m];
          }
        }
        s[(i * D + j) * D + j] += 0.01;
      }
    }
    return new Dataset(
        new Schema(java.util.List.of(columns)),
        new Rows(
            new Matrix(n, D, x),
            Matrix.zeros(n, 0),
            new Noise.Full(new Matrix(n, D * D, s)),
            java.util.Optional.empty(),
            java.util.Optional.empty()));
  }

  private static <C extends Record> double time(
      EstimatorProvider<C> provider, Dataset data, int k, int steps) {
    Map<String, Object> options = new TreeMap<>();
    options.put("components", k);
    options.put("starts", 1);
    options.put("start-steps", 1);
    options.put("iterations", steps);
    options.put("tolerance", 0);
    C config = ConfigBinder.bind(provider.defaults(), options);
    double[] least = {Double.POSITIVE_INFINITY};
    long[] last = {0};
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model =
            provider
                .create(config, new EstimatorContext(engine, Installed.registry()))
                .fit(
                    data,
                    FitOptions.seed(1).withSplit(new Split(1, 0, 0)),
                    event -> {
                      if (event instanceof FitEvent.Stepped) {
                        long now = System.nanoTime();
                        if (last[0] > 0) {
                          least[0] = Math.min(least[0], (now - last[0]) * 1e-9);
                        }
                        last[0] = now;
                      }
                    })) {
      return model.card().metrics().get("steps") > 1 ? least[0] : Double.NaN;
    }
  }

  /** Resident memory of this process, in MB. */
  private static double resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(Double.NaN);
  }
}
