package org.thalweg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.thalweg.api.data.Matrix;

/**
 * One cell of the grid, as the driver asks for it. {@code bench/peers/protocol.py} is its twin.
 *
 * @param conditioner {@code autoregressive} or {@code coupling}
 * @param univariate the name of a univariate family
 * @param rest whether a coupling transforms the other columns too: {@code free} or {@code fixed}
 * @param linear what mixes the columns: {@code lu}, {@code permutation} or {@code none}
 * @param engine {@code cpu} or {@code gpu}
 * @param data little-endian float32, {@code [trainRows + testRows, columns]}
 */
record Job(
    String conditioner,
    String univariate,
    String rest,
    String linear,
    String engine,
    int columns,
    int batch,
    int layers,
    int hidden,
    int blocks,
    int bins,
    int threads,
    long seed,
    double learningRate,
    Path data,
    int trainRows,
    int testRows) {

  static Job of(JsonNode json) {
    return new Job(
        json.required("conditioner").asText(),
        json.required("univariate").asText(),
        json.required("rest").asText(),
        json.required("linear").asText(),
        json.path("engine").asText("cpu"),
        json.required("columns").asInt(),
        json.required("batch").asInt(),
        json.required("layers").asInt(),
        json.required("hidden").asInt(),
        json.required("blocks").asInt(),
        json.required("bins").asInt(),
        json.required("threads").asInt(),
        json.required("seed").asLong(),
        json.required("learning_rate").asDouble(),
        Path.of(json.required("data").asText()),
        json.required("train_rows").asInt(),
        json.required("test_rows").asInt());
  }

  /** The estimator whose couplings leave the other columns as the job says. */
  String estimator() {
    if (conditioner.equals("coupling")) {
      return rest.equals("free") ? "nsf-coupling" : "realnvp";
    }
    return univariate.equals("affine") ? "maf" : "nsf-ar";
  }

  /** Plain Adam for so many steps, so that every library can do it. */
  Map<String, Object> options(long steps) {
    Map<String, Object> out = architecture();
    out.put("schedule", "constant");
    out.put("clip-norm", 0);
    out.put("patience", 0);
    out.put("validate-every", 1_000_000_000);
    out.put("steps", steps);
    return out;
  }

  /** A whole fit with our own schedule and clipping, which the peers' loop repeats. */
  Map<String, Object> options(WholeFit fit) {
    Map<String, Object> out = architecture();
    out.put("schedule", "cosine");
    out.put("clip-norm", 5);
    out.put("patience", fit.patience());
    out.put("validate-every", fit.every());
    out.put("steps", fit.steps());
    return out;
  }

  /** What a user would give with {@code --set}. */
  private Map<String, Object> architecture() {
    Map<String, Object> out = new HashMap<>();
    out.put("univariate", univariate);
    if (univariate.equals("rational-quadratic")) {
      out.put("univariate.bins", bins);
    }
    out.put("linear", linear);
    out.put("layers", layers);
    out.put("hidden", hidden);
    out.put("blocks", blocks);
    out.put("batch-size", batch);
    out.put("learning-rate", learningRate);
    out.put("epochs", 1_000_000_000);
    return out;
  }

  /** The rows of the data file from one to another, as doubles. */
  Matrix rows(int from, int to) throws IOException {
    FloatBuffer all =
        ByteBuffer.wrap(Files.readAllBytes(data)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double[] values = new double[(to - from) * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(from * columns + i);
    }
    return new Matrix(to - from, columns, values);
  }
}
