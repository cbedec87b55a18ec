package org.thalweg.sbi.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.SimulationRunner;
import org.thalweg.sbi.run.Simulations;

@DisabledOnOs(OS.WINDOWS) // the programs are shell scripts
class ProcessSimulatorTest {
  private static final String ADDS =
      "awk -F, 'NR == 1 {print \"sum,difference\"; next} {print $1 + $2 \",\" $1 - $2}'";

  @TempDir Path directory;

  private ProcessSimulator simulator(String script, int batch) throws IOException {
    Path file = Files.writeString(directory.resolve("simulator.sh"), script);
    return new ProcessSimulator(
        List.of("sh", file.toString()),
        List.of("a", "b"),
        List.of("sum", "difference"),
        Duration.ofSeconds(20),
        batch);
  }

  private String refusal(String script) throws IOException {
    ProcessSimulator simulator = simulator(script, 10);
    return assertThrows(
            ThalwegException.class, () -> simulator.simulate(Matrix.zeros(2, 2), new Seed(1)))
        .getMessage();
  }

  @Test
  void rowsComeBackInOrderOverSeveralBatches() throws IOException {
    Matrix given =
        Matrix.of(
            new double[] {1, 2}, new double[] {3, 5}, new double[] {-1, 1}, new double[] {0, 9});
    Matrix out = simulator(ADDS, 3).simulate(given, new Seed(1));
    assertArrayEquals(new double[] {3, -1, 8, -2, 0, -2, 9, -9}, out.values());
  }

  @Test
  void seedsAreThoseOfTheRowsWhateverTheBatch() throws IOException {
    String script = "awk -F, 'NR == 1 {print \"sum,difference\"; next} {print $3 \",\" $1}'";
    Matrix given = Matrix.zeros(5, 2);
    Matrix one = simulator(script, 1).simulate(given, new Seed(3));
    Matrix all = simulator(script, 5).simulate(given, new Seed(3));
    assertArrayEquals(one.values(), all.values());
    assertFalse(one.get(0, 0) == one.get(1, 0));
    assertEquals(
        all.get(2, 0), simulator(script, 5).simulate(given.row(2), new Seed(3).child(2))[0]);
  }

  @Test
  void emptyFieldsAreFailedSimulations() throws IOException {
    Matrix out =
        simulator("echo sum,difference; echo 1,; echo nan,-inf", 2)
            .simulate(Matrix.zeros(2, 2), new Seed(1));
    assertEquals(1, out.get(0, 0));
    assertTrue(Double.isNaN(out.get(0, 1)) && Double.isNaN(out.get(1, 0)));
    assertEquals(Double.NEGATIVE_INFINITY, out.get(1, 1));
  }

  /** With one column an empty field is an empty line, and not the end. */
  @Test
  void emptyLinesAreFailedSimulationsOfOneNumber() throws IOException {
    String[] scripts = {
      "echo sum; echo; echo 2; echo", "echo; echo sum; echo; echo 2; echo; echo; echo"
    };
    for (String script : scripts) {
      Path file = Files.writeString(directory.resolve("one.sh"), script);
      ProcessSimulator one =
          new ProcessSimulator(
              List.of("sh", file.toString()),
              List.of("a"),
              List.of("sum"),
              Duration.ofSeconds(20),
              3);
      Matrix out = one.simulate(Matrix.zeros(3, 1), new Seed(1));
      assertArrayEquals(new double[] {Double.NaN, 2, Double.NaN}, out.values());
    }
  }

  /** As many as {@code batch} says to one run of the program. */
  @Test
  void itsBatchIsHandedOver() throws IOException {
    Path starts = directory.resolve("starts");
    String counted = "echo x >> '" + starts + "'; " + ADDS;
    Path file = Files.writeString(directory.resolve("counted.sh"), counted);
    Map<String, Object> options =
        Map.of(
            "command",
            "sh '" + file + "'",
            "prior",
            "a ~ uniform(-1, 1), b ~ normal(0, 2)",
            "observations",
            "sum, difference",
            "batch",
            20);
    Simulation simulation = Named.simulation("process", options);
    assertEquals(3, started(simulation, starts, SimulationConfig.DEFAULT));
    assertEquals(12, started(simulation, starts, new SimulationConfig(60, 5, 1)));
    assertEquals(60, started(simulation, starts, new SimulationConfig(60, 1, 1)));
  }

  private static int started(Simulation simulation, Path starts, SimulationConfig config)
      throws IOException {
    Files.deleteIfExists(starts);
    Simulations table = new Simulations(2, 2);
    table.plan(1, simulation.prior().sample(60, new Seed(1)));
    new SimulationRunner(simulation.simulator(), 2, config).run(table, new Seed(2), () -> true);
    assertEquals(60, table.used().size());
    return Files.readAllLines(starts).size();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    String ended = refusal("echo the matrix is singular >&2; exit 3");
    assertTrue(ended.contains("exit code 3") && ended.contains("matrix is singular"), ended);
    String header = refusal("echo x,y; echo 1,2; echo 1,2");
    assertTrue(header.contains("sum,difference") && header.contains("'x,y'"), header);
    String rows = refusal("echo sum,difference; echo 1,2");
    assertTrue(rows.contains("given 2 rows and wrote 1"), rows);
    String length = refusal("echo sum,difference; echo 1,2; echo 1,2,3");
    assertTrue(length.contains("Row 2") && length.contains("3 fields"), length);
    String number = refusal("echo sum,difference; echo 1,2; echo 1,two");
    assertTrue(number.contains("'two' for 'difference'"), number);
    ProcessSimulator missing =
        new ProcessSimulator(
            List.of("/no/such/program"), List.of("a"), List.of("x"), Duration.ofSeconds(1), 1);
    String start =
        assertThrows(ThalwegException.class, () -> missing.simulate(new double[] {1}, new Seed(1)))
            .getMessage();
    assertTrue(start.contains("cannot be started"), start);
  }

  @Test
  void aProgramThatHangsIsStoppedWithItsChildren() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("hangs.sh"), "sleep 61.7 &\nsleep 61.7\necho sum; echo 1");
    ProcessSimulator hangs =
        new ProcessSimulator(
            List.of("sh", file.toString()),
            List.of("a"),
            List.of("sum"),
            Duration.ofMillis(300),
            1);
    long start = System.nanoTime();
    String message =
        assertThrows(ThalwegException.class, () -> hangs.simulate(new double[] {1}, new Seed(1)))
            .getMessage();
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
    assertTrue(message.contains("time-out of 0.3 s"), message);
    assertTrue(
        ProcessHandle.current()
            .descendants()
            .noneMatch(child -> child.info().commandLine().orElse("").contains("61.7")));
  }

  @Test
  void isConfiguredByText() throws IOException {
    Path file = Files.writeString(directory.resolve("adds.sh"), ADDS);
    Simulation simulation =
        Named.simulation(
            "process",
            Map.of(
                "command", "sh '" + file + "'",
                "prior", "a ~ uniform(-1, 1), b~normal(0,2)",
                "observations", "sum, difference",
                "time-out", "5"));
    Matrix draws = simulation.prior().sample(4, new Seed(1));
    Matrix out = simulation.simulator().simulate(draws, new Seed(2));
    for (int i = 0; i < 4; i++) {
      assertEquals(draws.get(i, 0) + draws.get(i, 1), out.get(i, 0), 1e-4);
    }
    for (String prior :
        new String[] {
          "a uniform(1, 2)", "a ~ uniform(1)", "a ~ gamma(1, 2)", "a ~ uniform(2, 2)"
        }) {
      String message =
          assertThrows(
                  ThalwegException.class,
                  () ->
                      Named.simulation(
                          "process", Map.of("command", "x", "observations", "y", "prior", prior)))
              .getMessage();
      assertFalse(message.isBlank());
    }
    assertThrows(ThalwegException.class, () -> Named.simulation("process", Map.of()));
  }
}
