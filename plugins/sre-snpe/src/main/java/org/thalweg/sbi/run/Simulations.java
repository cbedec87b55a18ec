package org.thalweg.sbi.run;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.inference.SimulationTable;

/**
 * Parameters, what the simulator made of them, and in which round: the table that methods learn
 * from. Rounds are only ever added.
 *
 * <p>In a file it is four arrays: {@code simulations.parameters} {@code [N, P]}, {@code
 * simulations.round} and {@code simulations.outcome} {@code [N]} (an ordinal of {@link Outcome}),
 * and {@code simulations.data} {@code [M, X]} with a row for each simulation that was used; and a
 * value {@code simulations.reasons}, what the first simulation of an outcome said.
 */
public final class Simulations {
  private static final String PREFIX = "simulations.";

  private final int parameterSize;
  private final int dataSize;
  private final List<double[]> parameters = new ArrayList<>();
  private final List<Integer> rounds = new ArrayList<>();
  private final List<double[]> data = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private final int[] counts = new int[Outcome.values().length];
  private final Map<Outcome, Reason> reasons = new EnumMap<>(Outcome.class);

  /** What a simulation said about its failure. */
  private record Reason(int index, String text) {}

  /**
   * Simulations that are run in one call.
   *
   * @param from the first
   * @param to the one after the last
   */
  record Block(int from, int to) {
    int size() {
      return to - from;
    }
  }

  /** None yet. */
  public Simulations(int parameterSize, int dataSize) {
    this.parameterSize = parameterSize;
    this.dataSize = dataSize;
  }

  /** X, the numbers in one observation. */
  public int dataSize() {
    return dataSize;
  }

  /** Simulations, run or not. */
  public int size() {
    return parameters.size();
  }

  /** How many were run. */
  public synchronized int done() {
    return size() - counts[Outcome.PENDING.ordinal()];
  }

  /** Adds the parameters of a round, to be run. */
  public synchronized void plan(int round, Matrix drawn) {
    for (int i = 0; i < drawn.rows(); i++) {
      parameters.add(drawn.row(i));
      rounds.add(round);
      data.add(new double[0]);
      outcomes.add(Outcome.PENDING);
      counts[Outcome.PENDING.ordinal()]++;
    }
  }

  /** The last round that was planned, 0 where none was. */
  public int lastRound() {
    return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1);
  }

  /** The parameters of a simulation. */
  public double[] parameters(int index) {
    return parameters.get(index).clone();
  }

  /** What became of a simulation. */
  public synchronized Outcome outcome(int index) {
    return outcomes.get(index);
  }

  /** Notes what became of a simulation; the first note stands. */
  synchronized boolean note(int index, Result result) {
    if (outcomes.get(index) != Outcome.PENDING) {
      return false;
    }
    set(index, result.outcome(), result.data());
    if (!result.reason().isEmpty()) {
      // The first by its place and not by the clock: the same whichever thread was faster.
      reasons.merge(
          result.outcome(),
          new Reason(index, result.reason()),
          (one, other) -> one.index() < other.index() ? one : other);
    }
    return true;
  }

  private void set(int index, Outcome outcome, double[] result) {
    counts[outcomes.get(index).ordinal()]--;
    counts[outcome.ordinal()]++;
    outcomes.set(index, outcome);
    data.set(index, result);
  }

  /** Notes a block whole, so that no table ever holds a part of it. */
  synchronized void note(Block block, List<Result> results) {
    for (int i = 0; i < block.size(); i++) {
      note(block.from() + i, results.get(i));
    }
  }

  /** What the first simulation of each outcome said about its failure, where it said something. */
  public synchronized Map<Outcome, String> reasons() {
    Map<Outcome, String> out = new EnumMap<>(Outcome.class);
    reasons.forEach((outcome, reason) -> out.put(outcome, reason.text()));
    return out;
  }

  /**
   * Those blocks of at most {@code size} simulations of a round in which something is pending.
   * Where a block begins depends on the table alone, and not on what was run before.
   */
  synchronized List<Block> blocks(int size) {
    List<Block> out = new ArrayList<>();
    int from = 0;
    while (from < size()) {
      int to = from + 1;
      while (to < size() && to - from < size && rounds.get(to).equals(rounds.get(from))) {
        to++;
      }
      Block block = new Block(from, to);
      if (pending(block).length > 0) {
        out.add(block);
      }
      from = to;
    }
    return out;
  }

  /** The simulations that were not run yet. */
  public int[] pending() {
    return pending(new Block(0, size()));
  }

  /** The simulations of a block that were not run yet. */
  synchronized int[] pending(Block block) {
    return IntStream.range(block.from(), block.to())
        .filter(i -> outcomes.get(i) == Outcome.PENDING)
        .toArray();
  }

  /** How many had each outcome. */
  public synchronized Map<Outcome, Integer> counts() {
    Map<Outcome, Integer> out = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      if (counts[outcome.ordinal()] > 0) {
        out.put(outcome, counts[outcome.ordinal()]);
      }
    }
    return out;
  }

  /** How many were run and are left out. */
  public synchronized int failed() {
    return done() - counts[Outcome.USED.ordinal()];
  }

  /**
   * The simulations that gave an observation, in order.
   *
   * @param parameters {@code [M, P]}
   * @param data {@code [M, X]}
   * @param rounds M of them
   */
  public record Used(Matrix parameters, Matrix data, int[] rounds) {
    /** How many. */
    public int size() {
      return rounds.length;
    }
  }

  /** The simulations that gave an observation. */
  public synchronized Used used() {
    List<double[]> theta = new ArrayList<>();
    List<double[]> x = new ArrayList<>();
    List<Integer> of = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Outcome.USED) {
        theta.add(parameters.get(i));
        x.add(data.get(i));
        of.add(rounds.get(i));
      }
    }
    return new Used(
        matrix(theta, parameterSize),
        matrix(x, dataSize),
        of.stream().mapToInt(Integer::intValue).toArray());
  }

  /** All that were run, in order; the data of those that failed are NaN. */
  public synchronized SimulationTable table() {
    double[] none = new double[dataSize];
    Arrays.fill(none, Double.NaN);
    int[] run =
        IntStream.range(0, size()).filter(i -> outcomes.get(i) != Outcome.PENDING).toArray();
    List<double[]> theta = new ArrayList<>();
    List<double[]> x = new ArrayList<>();
    List<String> came = new ArrayList<>();
    for (int i : run) {
      theta.add(parameters.get(i));
      x.add(outcomes.get(i) == Outcome.USED ? data.get(i) : none);
      came.add(outcomes.get(i).id());
    }
    return new SimulationTable(
        matrix(theta, parameterSize),
        matrix(x, dataSize),
        IntStream.of(run).map(rounds::get).toArray(),
        came);
  }

  private static Matrix matrix(List<double[]> rows, int columns) {
    return rows.isEmpty() ? Matrix.zeros(0, columns) : Matrix.of(rows.toArray(double[][]::new));
  }

  /** Writes all of it. */
  public synchronized void save(ModelWriter writer) {
    int n = size();
    Matrix all = matrix(parameters, parameterSize);
    Matrix used = used().data();
    writer.tensor(PREFIX + "parameters", Tensor.of(all.values(), n, parameterSize));
    writer.tensor(PREFIX + "data", Tensor.of(used.values(), used.rows(), dataSize));
    writer.tensor(
        PREFIX + "round", Tensor.of(rounds.stream().mapToLong(Integer::longValue).toArray()));
    writer.tensor(
        PREFIX + "outcome", Tensor.of(outcomes.stream().mapToLong(Outcome::ordinal).toArray()));
    Map<String, Object> said = new TreeMap<>();
    reasons.forEach((outcome, r) -> said.put(outcome.name(), List.of(r.index(), r.text())));
    writer.value(PREFIX + "reasons", said);
  }

  /** Reads what {@link #save} wrote. */
  public static Simulations load(ModelReader reader) {
    Matrix theta = read(reader, PREFIX + "parameters");
    Matrix x = read(reader, PREFIX + "data");
    long[] round = reader.tensor(PREFIX + "round").toLongs();
    long[] outcome = reader.tensor(PREFIX + "outcome").toLongs();
    Simulations out = new Simulations(theta.columns(), x.columns());
    int next = 0;
    for (int i = 0; i < theta.rows(); i++) {
      out.plan((int) round[i], theta.slice(i, i + 1));
      Outcome was = Outcome.values()[(int) outcome[i]];
      out.set(i, was, was == Outcome.USED ? x.row(next++) : new double[0]);
    }
    if (reader.values().get(PREFIX + "reasons") instanceof Map<?, ?> said) {
      said.forEach((name, reason) -> out.reasons.put(Outcome.valueOf((String) name), of(reason)));
    }
    return out;
  }

  private static Reason of(Object stored) {
    List<?> parts = (List<?>) stored;
    return new Reason(((Number) parts.get(0)).intValue(), (String) parts.get(1));
  }

  private static Matrix read(ModelReader reader, String name) {
    Tensor tensor = reader.tensor(name);
    Shape shape = tensor.shape();
    return new Matrix((int) shape.get(0), (int) shape.get(1), tensor.toDoubles());
  }
}
