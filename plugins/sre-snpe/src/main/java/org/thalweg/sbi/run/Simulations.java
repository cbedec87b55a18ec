package org.thalweg.sbi.run;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/**
 * Parameters, what the simulator made of them, and in which round: the table that methods learn
 * from. Rounds are only ever added.
 *
 * <p>In a file it is four arrays: {@code simulations.parameters} {@code [N, P]}, {@code
 * simulations.round} and {@code simulations.outcome} {@code [N]} (an ordinal of {@link Outcome}),
 * and {@code simulations.data} {@code [M, X]} with a row for each simulation that was used.
 */
public final class Simulations {
  private static final String PREFIX = "simulations.";

  private final int parameterSize;
  private final int dataSize;
  private final List<double[]> parameters = new ArrayList<>();
  private final List<Integer> rounds = new ArrayList<>();
  private final List<double[]> data = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();

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

  /** Adds the parameters of a round, to be run. */
  public synchronized void plan(int round, Matrix drawn) {
    for (int i = 0; i < drawn.rows(); i++) {
      parameters.add(drawn.row(i));
      rounds.add(round);
      data.add(new double[0]);
      outcomes.add(Outcome.PENDING);
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
  synchronized boolean note(int index, Outcome outcome, double[] result) {
    if (outcomes.get(index) != Outcome.PENDING) {
      return false;
    }
    outcomes.set(index, outcome);
    if (outcome == Outcome.USED) {
      data.set(index, result);
    }
    return true;
  }

  /** The simulations that were not run yet. */
  public synchronized int[] pending() {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Outcome.PENDING) {
        out.add(i);
      }
    }
    return out.stream().mapToInt(Integer::intValue).toArray();
  }

  /** How many had each outcome. */
  public synchronized Map<Outcome, Integer> counts() {
    Map<Outcome, Integer> out = new EnumMap<>(Outcome.class);
    for (Outcome outcome : outcomes) {
      out.merge(outcome, 1, Integer::sum);
    }
    return out;
  }

  /** How many were run and are left out. */
  public int failed() {
    return counts().entrySet().stream()
        .filter(e -> e.getKey().failed())
        .mapToInt(Map.Entry::getValue)
        .sum();
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
      if (was != Outcome.PENDING) {
        out.note(i, was, was == Outcome.USED ? x.row(next++) : new double[0]);
      }
    }
    return out;
  }

  private static Matrix read(ModelReader reader, String name) {
    Tensor tensor = reader.tensor(name);
    Shape shape = tensor.shape();
    return new Matrix((int) shape.get(0), (int) shape.get(1), tensor.toDoubles());
  }
}
