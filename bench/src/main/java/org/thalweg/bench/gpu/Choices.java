package org.thalweg.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.app.App;
import org.thalweg.app.console.Interruption;
import org.thalweg.bench.gpu.Sitting.Key;

/** What {@code bench-engines}, and with it auto, measures, beside a longer measurement. */
final class Choices {
  static final List<Integer> SHAPES = List.of(64, 512, 4096, 16384);

  private static final int ROWS = 20_000;

  private final Sitting sitting;
  private final Clock clock;
  private final List<Engine> engines;

  Choices(Sitting sitting, Clock clock, List<Engine> engines) {
    this.sitting = sitting;
    this.clock = clock;
    this.engines = engines;
  }

  void measure() {
    try {
      Path data = Files.createTempFile("thalweg", ".csv");
      try {
        Files.write(data, lines());
        for (String estimator : GpuBench.ESTIMATORS) {
          for (int batch : SHAPES) {
            String work = estimator + " " + batch;
            sitting.part(
                new Key("auto", work, "gpu", "short"), () -> quick(data, estimator, batch));
          }
        }
        for (String estimator : GpuBench.ESTIMATORS) {
          for (int batch : SHAPES) {
            engines.forEach(engine -> careful(engine, estimator, batch));
          }
        }
      } finally {
        Files.delete(data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines() {
    Matrix rows = TableWork.matrix(ROWS, GpuBench.COLUMNS, Work.SEED.value());
    List<String> lines = new ArrayList<>(List.of("a,b,c,d,e,f"));
    for (int i = 0; i < ROWS; i++) {
      List<String> cells = new ArrayList<>();
      for (int j = 0; j < GpuBench.COLUMNS; j++) {
        cells.add(String.valueOf(rows.get(i, j)));
      }
      lines.add(String.join(",", cells));
    }
    return lines;
  }

  private void quick(Path data, String estimator, int batch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream results = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        new App(results, System.err, false, new Interruption())
            .run(
                "bench-engines",
                "--json",
                "--threads",
                "1",
                "--estimator",
                estimator,
                "--data",
                data.toString(),
                "--set",
                "batch-size=" + batch);
    if (code != 0) {
      throw new IOException("bench-engines ended with " + code);
    }
    for (var engine : new ObjectMapper().readTree(out.toByteArray()).path("engines")) {
      double steps = engine.path("steps_per_second").asDouble();
      // An engine that could not be measured has none, and is owed.
      if (steps > 0) {
        Key key = new Key("auto", estimator + " " + batch, engine.path("engine").asText(), "short");
        sitting.add(key, 1000 / steps);
      }
    }
  }

  private void careful(Engine engine, String estimator, int batch) {
    Key key = new Key("auto", estimator + " " + batch, engine.name(), "long");
    sitting.part(
        key,
        () -> sitting.add(key, clock.step(engine, Work.of(estimator, GpuBench.COLUMNS, batch))));
  }
}
