package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.toolkit.infer.RealMap;

/**
 * The targets of posteriordb against scipy at reference draws; bench/peers/posteriordb_log_joint.py
 * wrote the numbers.
 */
class PosteriordbTest {
  /**
   * @param target its name
   * @param data the name of its data
   * @param logJoint what scipy says
   * @param parameters of a reference draw
   */
  record Known(String target, String data, double logJoint, double[] parameters) {}

  static List<Known> known() throws IOException {
    try (var in = PosteriordbTest.class.getResourceAsStream("posteriordb.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(line -> line.split(","))
          .map(
              cells ->
                  new Known(
                      cells[0],
                      cells[1],
                      Double.parseDouble(cells[2]),
                      Arrays.stream(cells[3].split(" "))
                          .mapToDouble(Double::parseDouble)
                          .toArray()))
          .toList();
    }
  }

  private static Map<String, Object> data(String name) throws IOException {
    String named = System.getenv("THALWEG_DATA");
    Path root = Path.of(named == null ? "../../../shared/data" : named);
    Path file = root.resolve("posteriordb/data/data/" + name + ".json.zip");
    assumeTrue(Files.exists(file), "There is no " + file + ": set THALWEG_DATA.");
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new ObjectMapper()
          .readValue(
              zip.getInputStream(zip.entries().nextElement()),
              new TypeReference<Map<String, Object>>() {});
    }
  }

  private static <C extends Record> LogDensityProblem problem(
      TargetProvider<C> provider, Map<String, Object> data) {
    assertTrue(data.keySet().containsAll(provider.requiredData()));
    return provider.create(provider.defaults(), data);
  }

  /** gp-pois-regr solves with a matrix that is nearly singular: fewer digits are left. */
  @ParameterizedTest
  @MethodSource("known")
  void logJointIsThatOfScipy(Known known) throws IOException {
    LogDensityProblem problem =
        problem(Installed.registry().target(known.target()), data(known.data()));
    assertEquals(known.parameters().length, problem.parameterNames().size());
    assertTrue(new RealMap(problem.parameters()).contains(known.parameters()));
    Engine engine = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
    Matrix twice = Matrix.of(known.parameters(), known.parameters());
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      var rows = tape.constant(twice.values(), new Shape(2, twice.columns()));
      double[] values = engine.hostView(problem.logJoint().logDensity(tape, rows)).toDoubles();
      double tolerance = known.target().equals("gp-pois-regr") ? 1e-6 : 1e-9;
      assertEquals(known.logJoint(), values[0], tolerance * Math.abs(known.logJoint()));
      assertEquals(values[0], values[1]);
    }
  }
}
