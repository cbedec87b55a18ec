package org.thalweg.bench.diffusion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Scanner;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.model.ModelFile;

/**
 * The rows a second of a diffusion's log-density, for {@code bench/peers/diffusion_likelihood.py}:
 * {@code LikelihoodSpeed MODEL ROWS THREADS DIRECTORY}. It writes rows drawn from the model and
 * their log-densities as little-endian doubles, {@code rows.f64} and {@code values.f64}; then each
 * line on the standard input is one block, which it answers with its seconds.
 */
public final class LikelihoodSpeed {
  private LikelihoodSpeed() {}

  /** Runs until the input ends. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int n = Integer.parseInt(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    Path directory = Path.of(arguments[3]);
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(threads));
        Model model =
            ModelFile.load(file, new EstimatorContext(engine, Installed.registry())).model();
        Scanner input = new Scanner(System.in)) {
      Matrix drawn = model.as(Sampler.class).sample(n, Matrix.zeros(1, 0), new Seed(1));
      write(directory.resolve("rows.f64"), drawn.values());
      LogDensity density = model.as(LogDensity.class);
      Rows rows = Rows.of(drawn);
      write(directory.resolve("values.f64"), score(density, rows));
      System.out.println("ready");
      while (input.hasNextLine()) {
        input.nextLine();
        long start = System.nanoTime();
        score(density, rows);
        System.out.printf(Locale.ROOT, "%.6f%n", (System.nanoTime() - start) * 1e-9);
      }
    }
  }

  private static double[] score(LogDensity density, Rows rows) {
    return density.logDensity(density.density("ode"), rows, new Seed(2)).values();
  }

  private static void write(Path file, double[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
