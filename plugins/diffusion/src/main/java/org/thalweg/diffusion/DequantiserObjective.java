package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Workers;

/**
 * Trains the noise of variational dequantisation under a diffusion that stays as it is: the mean of
 * {@code log q(u | x)} minus the corrected bound on {@code log p(x + u)}, which bounds the negative
 * log-probability of the rounded row (Song and others, 2021, section 5.2, eq. 13 and appendix B).
 */
final class DequantiserObjective implements Objective {
  /** Times of a row's bound in one step. */
  private static final int TIMES = 4;

  private static final int ROWS_AT_ONCE = 256;

  private final Parts parts;
  private final VariationalNoise noise;
  private final Part train;
  private final Part validation;
  private final Seed seed;

  /** Rounded rows of the table, standardised. */
  private record Part(double[] rounded, double[] contexts, double[] weights, int size) {}

  DequantiserObjective(
      Parts parts, VariationalNoise noise, Dataset train, Dataset validation, Seed seed) {
    this.parts = parts;
    this.noise = noise;
    this.train = part(train.rows());
    this.validation = part(validation.rows());
    this.seed = seed.child("dequantiser");
  }

  private Part part(Rows rows) {
    return new Part(
        parts.standardiser().features(noise.steps().rounded(rows.features())),
        parts.standardiser().contexts(rows.context()),
        FitTable.normalised(rows),
        rows.size());
  }

  @Override
  public int trainingRows() {
    return train.size;
  }

  @Override
  public int validationRows() {
    return validation.size;
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    return losses(binding, train, share.rows()).mean();
  }

  /** The weighted negative bound on the log-probability of each row, {@code [N]}, in nats. */
  private NDArray losses(Binding binding, Part part, int[] rows) {
    Tape tape = binding.tape();
    int d = parts.dimension();
    int n = rows.length;
    double[] contexts = select(part.contexts, rows, parts.contextSize());
    VariationalNoise.Spread spread =
        noise.spread(binding.child("noise"), select(part.rounded, rows, d), contexts, 1);
    NDArray density = negativeBound(binding, spread.z(), contexts, n);
    double[] weights = Arrays.stream(rows).mapToDouble(i -> part.weights[i]).toArray();
    return density
        .add(spread.logDensity())
        .sub(noise.steps().logVolume())
        .mul(tape.constant(weights, new Shape(n)));
  }

  /** {@link LikelihoodBound} on the tape, so that its derivative by the rows is there. */
  private NDArray negativeBound(Binding binding, NDArray z, double[] contexts, int n) {
    Tape tape = binding.tape();
    Sde sde = parts.sde();
    int d = parts.dimension();
    int each = TIMES + 1;
    double[] cos = new double[n * each];
    double[] sin = new double[n * each];
    double[] logRatios = new double[n * each];
    double[] factors = new double[n * each];
    double[] noises = new double[n * each * d];
    double[] controls = new double[n];
    int[] rows = new int[n * each];
    SplittableRandom random = binding.seed().child("times").generator();
    for (int i = 0; i < n * each; i++) {
      rows[i] = i / each;
      int k = i % each;
      boolean correction = k == TIMES;
      Weighting.Drawn drawn =
          Weighting.IMPORTANCE.draw(
              sde, parts.start(), correction ? 0 : (k + random.nextDouble()) / TIMES);
      Angle angle = sde.angle(drawn.time());
      cos[i] = angle.cos();
      sin[i] = angle.sin();
      logRatios[i] = angle.logRatio();
      double weight = correction ? 0.5 : 0.5 * drawn.factor() / TIMES;
      factors[i] = weight * angle.cos() * angle.cos();
      for (int j = i * d; j < (i + 1) * d; j++) {
        noises[j] = random.nextGaussian();
        controls[i / each] -= weight * noises[j] * noises[j];
      }
    }
    double known = DenoisingObjective.priorTerm(sde, 0, d) - d * Math.log(sde.mean(Sde.END));
    Arrays.setAll(controls, i -> controls[i] + known);
    long all = (long) n * each;
    NDArray c = tape.constant(cos, new Shape(all, 1));
    NDArray s = tape.constant(sin, new Shape(all, 1));
    NDArray e = tape.constant(noises, new Shape(all, d));
    NDArray x = z.repeat(0, each);
    Optional<NDArray> context =
        parts.contextSize() == 0
            ? Optional.empty()
            : Optional.of(
                tape.constant(
                    select(contexts, rows, parts.contextSize()),
                    new Shape(all, parts.contextSize())));
    NDArray f =
        parts
            .net()
            .bind(Binding.evaluate(tape))
            .apply(
                Dual.of(x.mul(c).add(e.mul(s))),
                tape.constant(logRatios, new Shape(all, 1)),
                context)
            .value();
    NDArray r = f.sub(x.mul(s)).add(e.mul(c));
    NDArray weighted = r.square().sum(new int[] {1}).mul(tape.constant(factors, new Shape(all)));
    double m = sde.mean(Sde.END) / sde.priorDeviation();
    return weighted
        .reshape(new Shape(n, each))
        .sum(new int[] {1})
        .add(z.square().sum(new int[] {1}).mul(0.5 * m * m))
        .add(tape.constant(controls, new Shape(n)));
  }

  private static double[] select(double[] values, int[] rows, int columns) {
    double[] out = new double[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * columns, out, i * columns, columns);
    }
    return out;
  }

  @Override
  public double validate(Workers workers) {
    int n = validation.size;
    int chunks = (n + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
    double sum =
        workers
            .map(
                chunks,
                k -> {
                  int from = k * ROWS_AT_ONCE;
                  int[] rows = IntStream.range(from, Math.min(n, from + ROWS_AT_ONCE)).toArray();
                  try (Tape tape = parts.engine().newTape(Tape.Mode.EVALUATE)) {
                    Binding binding =
                        VariationalNoise.evaluation(tape, seed.child("validation").child(k));
                    NDArray losses = losses(binding, validation, rows);
                    return Arrays.stream(parts.engine().hostView(losses).toDoubles()).sum();
                  }
                })
            .stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    return -sum / n;
  }
}
