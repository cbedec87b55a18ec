package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.ode.DormandPrince;
import org.thalweg.toolkit.train.Workers;

/**
 * Scores rows in chunks of a fixed size, so that the numbers do not depend on the workers.
 *
 * @param parts the diffusion
 * @param workers who computes
 */
record Scorer(Parts parts, Workers workers) {
  private static final int MOST_ROWS = 1024;

  /** Numbers of a hidden layer, for all rows, stages and directions of a chunk. */
  private static final int MOST_NUMBERS = 1 << 22;

  /**
   * Log-densities in the user's units.
   *
   * @param values one a row, in nats
   * @param standardErrors one a row; zeros where nothing was random
   */
  record Values(double[] values, double[] standardErrors) {}

  /** Computes a chunk of standardised rows. */
  @FunctionalInterface
  private interface Chunk {
    /**
     * Log-densities of standardised rows.
     *
     * @param velocity which knows the contexts of the chunk's rows
     * @param x {@code [rows, D]}
     * @param from the number of the first row
     */
    Values score(Velocity velocity, double[] x, int from);
  }

  /** Under the probability flow. */
  Values flow(Rows rows, Seed seed) {
    ScoringConfig config = parts.config().scoring();
    int d = parts.dimension();
    boolean exact = config.exact(d);
    int directions = exact ? d : config.probes();
    ProbabilityFlow flow = probabilityFlow();
    return map(
        rows,
        rowsAtOnce(1 + DormandPrince.INTEGRATED_AT_ONCE * directions),
        (velocity, x, from) -> {
          Directions along =
              exact
                  ? new Directions.Axes(d)
                  : Directions.random(config.law(), config.probes(), d, from, x.length / d, seed);
          int k = along.estimates();
          return means(flow.logDensity(velocity, x, along).estimates(), k);
        });
  }

  /** The flow with the options' tolerance. */
  ProbabilityFlow probabilityFlow() {
    return new ProbabilityFlow(
        parts.sde(), parts.start(), parts.config().scoring().solver(parts.engine().dataType()));
  }

  /** The flow with a tenth of that, for ways there and back, whose errors add up. */
  ProbabilityFlow closeFlow() {
    ProbabilityFlow usual = probabilityFlow();
    return new ProbabilityFlow(
        usual.sde(), usual.start(), usual.tolerance().tenth(parts.engine().dataType()));
  }

  /** A bound. */
  Values bounds(LikelihoodBound bound, Rows rows, Seed seed) {
    int evaluated = bound.evaluations();
    return map(
        rows,
        rowsAtOnce(evaluated),
        (velocity, x, from) -> {
          LikelihoodBound.Bounds bounds = bound.of(velocity, x, from, seed);
          return new Values(bounds.values(), bounds.standardErrors());
        });
  }

  /** The mean of each row's estimates, with its standard error. */
  static Values means(double[] estimates, int each) {
    int n = estimates.length / each;
    double[] values = new double[n];
    double[] errors = new double[n];
    for (int i = 0; i < n; i++) {
      double[] own = Arrays.copyOfRange(estimates, i * each, (i + 1) * each);
      double mean = Arrays.stream(own).average().orElseThrow();
      double squares = Arrays.stream(own).map(v -> (v - mean) * (v - mean)).sum();
      values[i] = mean;
      errors[i] = each < 2 ? 0 : Math.sqrt(squares / (each - 1) / each);
    }
    return new Values(values, errors);
  }

  /** The rows of a chunk in which the net sees each row so many times at once. */
  int rowsAtOnce(int times) {
    int width = parts.config().net().hidden();
    if (parts.config().image().declared()) {
      width *= parts.config().image().of(parts.dimension()).pixels();
    }
    long most = MOST_NUMBERS / ((long) times * Math.max(width, parts.dimension()));
    return (int) Math.max(1, Math.min(MOST_ROWS, most));
  }

  private Values map(Rows rows, int chunk, Chunk function) {
    int n = rows.size();
    int d = parts.dimension();
    int c = parts.contextSize();
    double[] x = parts.standardiser().features(rows.features());
    double[] contexts = parts.standardiser().contexts(rows.context());
    int chunks = (n + chunk - 1) / chunk;
    List<Values> scored =
        workers.map(
            chunks,
            k -> {
              int from = k * chunk;
              int to = Math.min(n, from + chunk);
              Velocity velocity = parts.velocity(Arrays.copyOfRange(contexts, from * c, to * c));
              return function.score(velocity, Arrays.copyOfRange(x, from * d, to * d), from);
            });
    double[] values = parts.standardiser().logAbsDet(rows.features());
    double[] errors = new double[n];
    int next = 0;
    for (Values some : scored) {
      for (int i = 0; i < some.values.length; i++, next++) {
        values[next] += some.values[i];
        errors[next] = some.standardErrors[i];
      }
    }
    return new Values(values, errors);
  }
}
