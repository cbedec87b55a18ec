package org.thalweg.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.maf.MafPlugin;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.Workers;

/**
 * Whole numbers that a normal one was rounded to, under that normal distribution itself: the noise
 * q(u | x) proportional to p(x + u) makes the bound the entropy of the whole numbers, uniform noise
 * does not.
 */
class VariationalNoiseTest {
  private static final double MEAN = 8.3;
  private static final double DEVIATION = 0.5;
  private static final Engine ENGINE = Engines.open("cpu", EngineOptions.threads(1));
  private static final Registry REGISTRY =
      Registry.builder()
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .build();

  private static double density(double x) {
    double z = (x - MEAN) / DEVIATION;
    return Math.exp(-0.5 * z * z) / (DEVIATION * Math.sqrt(2 * Math.PI));
  }

  /** The probability of a whole number, and the mean of log p over its box, by midpoints. */
  private static double[] box(int k) {
    int n = 20_000;
    double mass = 0;
    double logs = 0;
    for (int i = 0; i < n; i++) {
      double x = k - 0.5 + (i + 0.5) / n;
      mass += density(x) / n;
      logs += Math.log(density(x)) / n;
    }
    return new double[] {mass, logs};
  }

  /** The velocity of a normal distribution on the tape, see {@link MixtureVelocity}. */
  private static VelocityNet normal(double mean, double variance) {
    return binding ->
        (y, logRatio, context) -> {
          NDArray ratio = logRatio.exp();
          NDArray cos = ratio.square().add(1).sqrt().pow(-1);
          NDArray sin = cos.mul(ratio);
          NDArray slope =
              sin.mul(cos).mul(variance - 1).div(cos.square().mul(variance).add(sin.square()));
          NDArray f = y.value().sub(cos.mul(mean)).mul(slope).add(sin.mul(mean));
          return new Dual(f, y.rates().map(r -> r.mul(slope)));
        };
  }

  @Test
  void learntNoiseClosesTheGap() {
    SplittableRandom random = new SplittableRandom(1);
    double[] x = new double[4000];
    Arrays.setAll(x, i -> Math.rint(MEAN + DEVIATION * random.nextGaussian()));
    Column column = new Column("n", Role.FEATURE, new Kind.IntegerValued(), OptionalDouble.empty());
    Dataset data = new Dataset(new Schema(List.of(column)), Rows.of(new Matrix(4000, 1, x)));
    Standardiser standardiser = Standardiser.fit(data);
    double[] two = standardiser.features(new Matrix(2, 1, new double[] {0, MEAN}));
    double scale = MEAN / (two[1] - two[0]);
    VelocityNet exact = normal(two[1], DEVIATION * DEVIATION / (scale * scale));
    double entropy = 0;
    double uniform = 0;
    double[] masses = new double[5];
    for (int k = 0; k < 5; k++) {
      double[] box = box(6 + k);
      masses[k] = box[0];
      entropy -= box[0] * Math.log(box[0]);
      uniform -= box[0] * box[1];
    }
    assertTrue(uniform - entropy > 0.05, "uniform noise has a gap: " + (uniform - entropy));
    try (Workers workers = new Workers(1)) {
      Parts plain = parts("uniform", data, standardiser, exact);
      assertEquals(uniform, crossEntropy(plain, workers, masses), 0.01, "uniform noise");
      Parts parts = parts("variational", data, standardiser, exact);
      VariationalNoise noise = parts.noise().orElseThrow();
      var objective = new DequantiserObjective(parts, noise, data, data, new Seed(2));
      ModelCard card =
          new ModelCard("diffusion", parts.config(), data.schema(), 2, "cpu", new TreeMap<>());
      new TrainingLoop(
              ENGINE,
              noise.store(),
              parts.config().training(),
              objective,
              FitOptions.seed(2),
              FitListener.SILENT,
              card)
          .run();
      double learnt = crossEntropy(parts, workers, masses);
      assertEquals(entropy, learnt, 0.02, "learnt noise; uniform noise has " + uniform);
      assertTrue(learnt > entropy - 0.005, "a bound: " + learnt + " against " + entropy);
      // What was trained is the bound of the other model, the same here: with four random times a
      // row, a mean over 4,000 rows has an error of about 0.1.
      double trained =
          IntStream.range(0, 20)
              .mapToDouble(
                  i ->
                      new DequantiserObjective(parts, noise, data, data, new Seed(100 + i))
                          .validate(workers))
              .average()
              .orElseThrow();
      assertEquals(-entropy, trained, 0.1);
    }
  }

  private static Parts parts(
      String noise, Dataset data, Standardiser standardiser, VelocityNet net) {
    Map<String, Object> options = new HashMap<>();
    options.put("dequantise", noise);
    options.put("draws", 10_000);
    options.put("epochs", 40);
    options.put("patience", 0);
    options.put("learning-rate", 5e-3);
    options.put("dequantiser.hidden", 16);
    DiffusionConfig config = ConfigBinder.bind(DiffusionConfig.DEFAULT, options);
    return new Parts(
        config,
        data.schema(),
        standardiser,
        Steps.origins(data),
        new EstimatorContext(ENGINE, REGISTRY),
        2,
        Optional.of(net));
  }

  private static double crossEntropy(Parts parts, Workers workers, double[] masses) {
    double[] numbers = IntStream.range(6, 11).asDoubleStream().toArray();
    Rows rows = Rows.of(new Matrix(5, 1, numbers));
    double[] logs = new Masses(parts, workers).of(DensityKind.ODE_MASS, rows, new Seed(3)).values();
    return -IntStream.range(0, 5).mapToDouble(k -> masses[k] * logs[k]).sum();
  }
}
