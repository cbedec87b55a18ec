package org.thalweg.sbi.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.random.Seed;

/**
 * Any external program. It reads CSV from its standard input: a header with the names of the
 * parameters and {@code seed}, then one row a simulation; and writes CSV to its standard output: a
 * header with the names of the data, then one row for each it read, in order. An empty field (of
 * one column: an empty line) or {@code nan} says that a simulation failed. What it writes to its
 * standard error is shown when it fails.
 *
 * @param command the program and its arguments
 * @param parameters the names of the parameters
 * @param observations the names of the data
 * @param timeOut how long one run of the program may take
 * @param batch how many simulations one run of the program is given at most
 */
public record ProcessSimulator(
    List<String> command,
    List<String> parameters,
    List<String> observations,
    Duration timeOut,
    int batch)
    implements Simulator {
  static final SimulatorProvider<ProcessOptions> PROVIDER =
      new NamedSimulator<>(
          "process",
          "any external program that reads and writes CSV",
          "",
          ProcessOptions.DEFAULTS,
          ProcessOptions::simulation);

  private static final int SHOWN_LINES = 5;

  /** Copies; refuses an empty command, no names, and a batch or time-out that is none. */
  public ProcessSimulator {
    command = List.copyOf(command);
    parameters = List.copyOf(parameters);
    observations = List.copyOf(observations);
    if (command.isEmpty() || parameters.isEmpty() || observations.isEmpty()) {
      throw ThalwegException.usage(
          "An external simulator needs a command, names of parameters and names of observations;"
              + " got %s, %s and %s.",
          command, parameters, observations);
    }
    if (batch < 1 || timeOut.isNegative() || timeOut.isZero()) {
      throw ThalwegException.usage(
          "An external simulator needs a batch of 1 or more and a time-out above 0, got %d and %s.",
          batch, timeOut);
    }
  }

  @Override
  public double[] simulate(double[] values, Seed seed) {
    return run(Matrix.of(values), List.of(seed)).row(0);
  }

  @Override
  public Matrix simulate(Matrix values, Seed seed) {
    Matrix out = Matrix.zeros(values.rows(), observations.size());
    for (int from = 0; from < values.rows(); from += batch) {
      int to = Math.min(values.rows(), from + batch);
      List<Seed> seeds = new ArrayList<>();
      for (int i = from; i < to; i++) {
        seeds.add(seed.child(i));
      }
      double[] part = run(values.slice(from, to), seeds).values();
      System.arraycopy(part, 0, out.values(), from * out.columns(), part.length);
    }
    return out;
  }

  /** Files instead of pipes: a program may read late, or write much, and never blocks. */
  private Matrix run(Matrix values, List<Seed> seeds) {
    if (values.columns() != parameters.size()) {
      throw ThalwegException.usage(
          "'%s' takes %d parameters %s, got %d.",
          program(), parameters.size(), parameters, values.columns());
    }
    try {
      Path directory = Files.createTempDirectory("thalweg-simulator");
      try {
        Path in = Files.writeString(directory.resolve("in.csv"), input(values, seeds));
        Path out = directory.resolve("out.csv");
        Path err = directory.resolve("err.txt");
        execute(in, out, err);
        return parse(out, values.rows());
      } finally {
        try (Stream<Path> left = Files.walk(directory)) {
          for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String input(Matrix values, List<Seed> seeds) {
    StringBuilder out = new StringBuilder(String.join(",", parameters)).append(",seed\n");
    for (int i = 0; i < values.rows(); i++) {
      for (double value : values.row(i)) {
        out.append(value).append(',');
      }
      // 31 bits: what every language's generator takes.
      out.append(seeds.get(i).value() >>> 33).append('\n');
    }
    return out.toString();
  }

  private void execute(Path in, Path out, Path err) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE,
          "The simulator '%s' cannot be started: %s. Give the path of a program that can be run."
              .formatted(program(), e.getMessage()),
          e);
    }
    try {
      if (!process.waitFor(timeOut.toMillis(), TimeUnit.MILLISECONDS)) {
        throw ThalwegException.data(
            "The simulator '%s' was stopped: it ran longer than its time-out of %s s. Raise time-out"
                + " or lower batch.%s",
            program(), timeOut.toMillis() / 1000.0, complaint(err));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThalwegException(
          ExitCode.INTERRUPTED, "The simulator '%s' was interrupted.".formatted(program()), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw ThalwegException.data(
          "The simulator '%s' ended with exit code %d. A simulation that fails is to be written as a"
              + " row of empty fields.%s",
          program(), process.exitValue(), complaint(err));
    }
  }

  private static String complaint(Path err) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(err), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    if (lines.isEmpty()) {
      return " It wrote nothing to its standard error.";
    }
    return lines.stream()
        .skip(Math.max(0, lines.size() - SHOWN_LINES))
        .collect(Collectors.joining("\n  ", " The end of its standard error:\n  ", ""));
  }

  private Matrix parse(Path out, int rows) throws IOException {
    List<String> lines = lines(out, rows);
    List<String> header = lines.isEmpty() ? List.of() : fields(lines.get(0));
    if (!header.equals(observations)) {
      throw ThalwegException.data(
          "The simulator '%s' is to write the header %s, its first line is '%s'.",
          program(), String.join(",", observations), lines.isEmpty() ? "" : lines.get(0));
    }
    if (lines.size() - 1 != rows) {
      throw ThalwegException.data(
          "The simulator '%s' was given %d rows and wrote %d after its header.",
          program(), rows, lines.size() - 1);
    }
    Matrix values = Matrix.zeros(rows, observations.size());
    for (int i = 0; i < rows; i++) {
      List<String> row = fields(lines.get(i + 1));
      if (row.size() != observations.size()) {
        throw ThalwegException.data(
            "Row %d of the simulator '%s' has %d fields, its header has %d: '%s'.",
            i + 1, program(), row.size(), observations.size(), lines.get(i + 1));
      }
      for (int j = 0; j < row.size(); j++) {
        values.values()[i * row.size() + j] = number(row.get(j), i, j);
      }
    }
    return values;
  }

  /** Blank lines are no rows, but for data of one column: there one is an empty field. */
  private List<String> lines(Path out, int rows) throws IOException {
    List<String> all =
        new String(Files.readAllBytes(out), StandardCharsets.UTF_8)
            .lines()
            .dropWhile(String::isBlank)
            .toList();
    if (observations.size() > 1) {
      return all.stream().filter(line -> !line.isBlank()).toList();
    }
    int end = all.size();
    while (end > rows + 1 && all.get(end - 1).isBlank()) {
      end--;
    }
    return all.subList(0, end);
  }

  private static List<String> fields(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::trim).toList();
  }

  private double number(String text, int row, int column) {
    if (text.isEmpty() || text.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (text.matches("[+-]?(?i:inf|infinity)")) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw ThalwegException.data(
          "Row %d of the simulator '%s' has '%s' for '%s', which is no number.",
          row + 1, program(), text, observations.get(column));
    }
  }

  private String program() {
    return String.join(" ", command);
  }
}
