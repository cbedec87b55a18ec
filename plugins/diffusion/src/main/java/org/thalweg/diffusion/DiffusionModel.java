package org.thalweg.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Decoder;
import org.thalweg.api.estimator.Encoder;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Score;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Workers;

/**
 * A trained diffusion over a table. It is two models with one net: the probability flow's, whose
 * density is {@code ode}, and the reverse stochastic equation's, of which {@code sde-bound} is a
 * lower bound. Neither bounds the other.
 */
public final class DiffusionModel
    implements Model, LogDensity, Sampler, Score, Encoder, Decoder, ToNoise {
  private final ModelCard card;
  private final Parts parts;
  private final Workers workers;
  private final List<Named> densities;

  DiffusionModel(ModelCard card, Parts parts) {
    this(card, parts, new Workers(parts.engine().parallelism()));
  }

  private DiffusionModel(ModelCard card, Parts parts, Workers workers) {
    this.card = card;
    this.parts = parts;
    this.workers = workers;
    this.densities = DensityKind.of(parts);
  }

  /** The same model under another card; the workers are shared. */
  DiffusionModel with(ModelCard other) {
    return new DiffusionModel(other, parts, workers);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Screening screen(Rows rows) {
    return parts.standardiser().screen(rows, schema());
  }

  @Override
  public List<Named> densities() {
    return densities;
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    require(rows.features(), parts.dimension(), "feature");
    require(rows.context(), parts.contextSize(), "context");
    DensityKind kind = DensityKind.of(density(named.name()).name());
    Scorer scorer = new Scorer(parts, workers);
    Scorer.Values values =
        kind.mass()
            ? new Masses(parts, workers).of(kind, rows, seed)
            : kind.score(scorer, rows, seed);
    return new Scores(
        values.values(),
        named.stochastic() ? Optional.of(values.standardErrors()) : Optional.empty());
  }

  @Override
  public Matrix score(Rows rows, double time) {
    require(rows.features(), parts.dimension(), "feature");
    require(rows.context(), parts.contextSize(), "context");
    if (!(time >= 0 && time <= Sde.END)) {
      throw ThalwegException.usage(
          "A diffusion runs from time 0 to 1; time %s is not in it.", time);
    }
    double t = Math.max(time, parts.start());
    double scale = parts.sde().scale(t);
    double[] x = parts.standardiser().features(rows.features());
    double[] contexts = parts.standardiser().contexts(rows.context());
    double[] scores =
        chunks(
            rows.size(),
            (from, to) -> {
              double[] y = part(x, from, to, parts.dimension());
              Arrays.setAll(y, i -> y[i] / scale);
              return velocity(contexts, from, to)
                  .score(numbers(to - from), parts.sde().angle(t), scale, y);
            });
    return parts.standardiser().scores(rows.features(), scores);
  }

  /** The noise {@code [N, D]} that the probability flow maps rows to. */
  @Override
  public Matrix encode(Rows rows) {
    require(rows.features(), parts.dimension(), "feature");
    require(rows.context(), parts.contextSize(), "context");
    double[] x = parts.standardiser().features(rows.features());
    double[] contexts = parts.standardiser().contexts(rows.context());
    ProbabilityFlow flow = new Scorer(parts, workers).closeFlow();
    double[] z =
        chunks(
            rows.size(),
            (from, to) ->
                flow.toNoise(velocity(contexts, from, to), part(x, from, to, parts.dimension())));
    return new Matrix(rows.size(), parts.dimension(), z);
  }

  @Override
  public Matrix decode(Matrix latent, Matrix context) {
    require(latent, parts.dimension(), "latent");
    require(context, parts.contextSize(), "context");
    if (latent.rows() != context.rows()) {
      throw ThalwegException.usage(
          "Each of %d rows of noise needs a context of its own, there are %d.",
          latent.rows(), context.rows());
    }
    return parts
        .standardiser()
        .inverse(
            fromNoise(
                new Scorer(parts, workers).closeFlow(),
                latent.values(),
                parts.standardiser().contexts(context)));
  }

  private double[] fromNoise(ProbabilityFlow flow, double[] noise, double[] contexts) {
    int d = parts.dimension();
    return chunks(
        noise.length / d,
        (from, to) -> flow.fromNoise(velocity(contexts, from, to), part(noise, from, to, d)));
  }

  @Override
  public Matrix toNoise(Rows rows) {
    return encode(rows);
  }

  @Override
  public Matrix sampleBase(int perContext, Matrix context, Seed seed) {
    int n = drawn(perContext, context);
    return new Matrix(n, parts.dimension(), noise(n, seed));
  }

  /** The number of rows in all, which one array must be able to hold, with their contexts. */
  private int drawn(int perContext, Matrix context) {
    long rows = (long) perContext * context.rows();
    int widest = Math.max(parts.dimension(), parts.contextSize());
    if (rows * widest > Integer.MAX_VALUE - 8) {
      throw ThalwegException.usage(
          "%d rows of %d columns are too many for one call: ask for fewer at a time.",
          rows, parts.dimension());
    }
    return (int) rows;
  }

  private double[] noise(int rows, Seed seed) {
    int d = parts.dimension();
    double[] out = new double[rows * d];
    for (int i = 0; i < rows; i++) {
      var random = seed.child(i).generator();
      for (int j = i * d; j < (i + 1) * d; j++) {
        out[j] = random.nextGaussian();
      }
    }
    return out;
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    SamplingConfig config = parts.config().sampling();
    return sample(config.sampler(), config.samplerSteps(), perContext, context, seed);
  }

  /**
   * Draws rows by a method of choice.
   *
   * @param steps of the stochastic methods
   * @return as {@link Sampler#sample}
   */
  public Matrix sample(
      SamplingConfig.Method method, int steps, int perContext, Matrix context, Seed seed) {
    require(context, parts.contextSize(), "context");
    int n = drawn(perContext, context);
    int c = parts.contextSize();
    double[] given = parts.standardiser().contexts(context);
    double[] contexts = new double[n * c];
    for (int i = 0; i < n; i++) {
      System.arraycopy(given, i / Math.max(1, perContext) * c, contexts, i * c, c);
    }
    double[] drawn;
    if (method == SamplingConfig.Method.ODE) {
      drawn = fromNoise(new Scorer(parts, workers).probabilityFlow(), noise(n, seed), contexts);
    } else {
      int corrections = method == SamplingConfig.Method.PREDICTOR_CORRECTOR ? 1 : 0;
      ReverseSde reverse = new ReverseSde(parts.sde(), parts.start(), steps, corrections);
      drawn =
          chunks(
              n, (from, to) -> reverse.sample(velocity(contexts, from, to), to - from, from, seed));
    }
    requireFinite(drawn);
    return parts.standardiser().inverse(drawn);
  }

  private void requireFinite(double[] drawn) {
    for (double value : drawn) {
      if (!Double.isFinite(value)) {
        throw ThalwegException.data(
            "The model of estimator '%s' draws rows that are not finite.", card.estimator());
      }
    }
  }

  /** Computes rows {@code from} to {@code to}, the latter excluded. */
  @FunctionalInterface
  private interface Range {
    double[] compute(int from, int to);
  }

  /** Computes rows in chunks of a fixed size, so that the numbers do not depend on the workers. */
  private double[] chunks(int rows, Range range) {
    int size = new Scorer(parts, workers).rowsAtOnce(1);
    int chunks = (rows + size - 1) / size;
    List<double[]> computed =
        workers.map(chunks, k -> range.compute(k * size, Math.min(rows, (k + 1) * size)));
    return computed.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private Velocity velocity(double[] contexts, int from, int to) {
    return parts.velocity(part(contexts, from, to, parts.contextSize()));
  }

  private static double[] part(double[] values, int from, int to, int columns) {
    return Arrays.copyOfRange(values, from * columns, to * columns);
  }

  private static int[] numbers(int rows) {
    int[] out = new int[rows];
    Arrays.setAll(out, i -> i);
    return out;
  }

  private void require(Matrix given, int columns, String kind) {
    if (given.columns() != columns) {
      throw ThalwegException.usage(
          "The model has %d %s columns, the rows have %d.", columns, kind, given.columns());
    }
  }

  @Override
  public void save(ModelWriter writer) {
    parts.save(writer);
  }

  @Override
  public void close() {
    workers.close();
  }
}
