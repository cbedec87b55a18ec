package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Workers;

/**
 * Lower bounds on the log-probability of rounded rows, from a density of spread ones:
 *
 * <pre>log P(x) >= E over u ~ q(u | x) of log p(x + u) - log q(u | x)</pre>
 *
 * (Theis and others, 2016, section 3.1, for uniform noise; Song and others, 2021, eq. 13).
 *
 * @param parts the diffusion
 * @param workers who computes
 */
record Masses(Parts parts, Workers workers) {
  /** Draws of learnt noise that are computed at a time. */
  private static final int DRAWS_AT_ONCE = 1 << 14;

  /** Numbers of spread rows that are held at a time, unless one row has more: 32 MB. */
  private static final int MOST_NUMBERS = 1 << 22;

  /** Spread rows in the user's units, K for each, with log q(u | x) of the unit box. */
  private record Spread(Matrix x, double[] logDensity) {}

  /** The mean over draws of a row's noise, with its standard error. */
  Scorer.Values of(DensityKind kind, Rows rows, Seed seed) {
    Steps steps = parts.steps();
    int each = parts.config().dequantisation().draws();
    int n = rows.size();
    int width = Math.max(1, parts.dimension() + parts.contextSize());
    int atOnce = (int) Math.max(1, MOST_NUMBERS / ((long) each * width));
    double[] values = new double[n];
    double[] errors = new double[n];
    for (int from = 0; from < n; from += atOnce) {
      Rows some = rows.slice(from, Math.min(n, from + atOnce));
      Scorer.Values of = part(kind, some, steps, each, seed.child(from));
      System.arraycopy(of.values(), 0, values, from, some.size());
      System.arraycopy(of.standardErrors(), 0, errors, from, some.size());
    }
    return new Scorer.Values(values, errors);
  }

  private Scorer.Values part(DensityKind kind, Rows rows, Steps steps, int each, Seed seed) {
    int n = rows.size();
    int c = parts.contextSize();
    Matrix rounded = steps.rounded(rows.features());
    Spread spread = spread(steps, rounded, rows.context(), each, seed.child("spread"));
    double[] contexts = new double[n * each * c];
    for (int i = 0; i < n * each; i++) {
      System.arraycopy(rows.context().values(), i / each * c, contexts, i * c, c);
    }
    Rows all = Rows.of(spread.x, new Matrix(n * each, c, contexts));
    double[] values = kind.score(new Scorer(parts, workers), all, seed.child("score")).values();
    double logBox = Arrays.stream(steps.steps()).map(Math::log).sum();
    Arrays.setAll(values, i -> values[i] + logBox - spread.logDensity[i]);
    return Scorer.means(values, each);
  }

  private Spread spread(Steps steps, Matrix rounded, Matrix context, int each, Seed seed) {
    return parts.noise().isPresent()
        ? variational(parts.noise().get(), rounded, context, each, seed)
        : uniform(steps, rounded, each, seed);
  }

  private static Spread uniform(Steps steps, Matrix rounded, int each, Seed seed) {
    int d = rounded.columns();
    int n = rounded.rows() * each;
    double[] x = new double[n * d];
    for (int i = 0; i < n; i++) {
      SplittableRandom random = seed.child(i).generator();
      for (int j = 0; j < d; j++) {
        double u = random.nextDouble() - 0.5;
        x[i * d + j] = rounded.get(i / each, j) + steps.steps()[j] * u;
      }
    }
    return new Spread(new Matrix(n, d, x), new double[n]);
  }

  private Spread variational(
      VariationalNoise noise, Matrix rounded, Matrix context, int each, Seed seed) {
    int d = rounded.columns();
    int c = context.columns();
    int n = rounded.rows();
    double[] z = parts.standardiser().features(rounded);
    double[] contexts = parts.standardiser().contexts(context);
    int rowsAtOnce = Math.max(1, DRAWS_AT_ONCE / each);
    int chunks = (n + rowsAtOnce - 1) / rowsAtOnce;
    record Drawn(double[] z, double[] logDensity) {}
    List<Drawn> drawn =
        workers.map(
            chunks,
            k -> {
              int from = k * rowsAtOnce;
              int to = Math.min(n, from + rowsAtOnce);
              try (Tape tape = parts.engine().newTape(Tape.Mode.EVALUATE)) {
                VariationalNoise.Spread some =
                    noise.spread(
                        VariationalNoise.evaluation(tape, seed.child(k)),
                        Arrays.copyOfRange(z, from * d, to * d),
                        Arrays.copyOfRange(contexts, from * c, to * c),
                        each);
                return new Drawn(
                    parts.engine().hostView(some.z()).toDoubles(),
                    parts.engine().hostView(some.logDensity()).toDoubles());
              }
            });
    double[] all = drawn.stream().flatMapToDouble(part -> Arrays.stream(part.z)).toArray();
    double[] logs =
        drawn.stream().flatMapToDouble(part -> Arrays.stream(part.logDensity)).toArray();
    return new Spread(parts.standardiser().inverse(all), logs);
  }
}
