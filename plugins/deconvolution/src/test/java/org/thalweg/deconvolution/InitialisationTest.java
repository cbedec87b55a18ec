package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.ParameterStore;

/** Parts that take statistics of their input: batch and activation normalisation. */
class InitialisationTest {
  private static final Seed SEED = new Seed(3);
  private static final int ROWS = 4000;

  /** Of noise-free rows with variance 1 beside it, so that rows have the variance 1 + 3. */
  private static final double NOISE = Math.sqrt(3);

  /** The variance of the rows' noise where that of the rows is 1. */
  private static final double SHARE = 0.75;

  private final double[] clean = Setups.normals(ROWS, 1);
  private final Dataset table = table();

  private Dataset table() {
    double[] errors = Setups.normals(ROWS, 2);
    double[] w = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      w[i] = 50 + clean[i] + NOISE * errors[i];
    }
    return Dataset.of(new Matrix(ROWS, 1, w));
  }

  /** All that an untrained fit consists of. */
  private final class Parts {
    final DeconvFlowConfig config;
    final ParameterStore store = new ParameterStore(Setups.DOUBLE, SEED);
    final Standardiser standardiser = Standardiser.observed(table);
    final DeconvNets nets;
    final DeconvObjective objective;

    Parts(Object... options) {
      config = Setups.flow(options);
      nets = DeconvNets.build(config, 1, 0, store, Setups.REGISTRY);
      Errors errors = Errors.of(config.errors(), table.schema(), Soundness.DEFINITE);
      objective =
          new DeconvObjective(
              config,
              Setups.DOUBLE,
              nets,
              errors,
              standardiser,
              table,
              table.select(new int[0]),
              SEED);
    }

    void pretrain() {
      FitOptions options = FitOptions.seed(4).withSplit(new Split(1, 0, 0));
      double[] known = standardiser.features(new Matrix(ROWS, 1, shifted(clean)));
      new Pretraining(
              config,
              Setups.DOUBLE,
              store,
              nets,
              objective,
              new Stopwatch(options),
              FitListener.SILENT,
              new FitTable(table, options).card("deconv-flow", config, Setups.DOUBLE))
          .run(Optional.of(CleanRows.known(known, 1)), options.seed());
    }

    double value(String name) {
      try (Tape tape = Setups.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
        return store.parameters().stream()
            .filter(p -> p.name().equals(name))
            .mapToDouble(p -> Setups.DOUBLE.hostView(tape.parameter(p)).toDoubles()[0])
            .findFirst()
            .orElseThrow();
      }
    }
  }

  private static double[] shifted(double[] v) {
    return java.util.Arrays.stream(v).map(x -> 50 + x).toArray();
  }

  private static Object[] maf(String normalise, Object... more) {
    Object[] all = {
      "noise-sd",
      Double.toString(NOISE),
      "prior",
      "maf",
      "prior.layers",
      1,
      "prior.hidden",
      8,
      "prior.normalise",
      normalise,
      "recognition.layers",
      1,
      "recognition.hidden",
      8,
      "recognition.normalise",
      normalise
    };
    Object[] joined = java.util.Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, joined, all.length, more.length);
    return joined;
  }

  /** Of standardised rows with noise added once more: 0 and 1 + 0.75, but for 800 rows' chance. */
  @Test
  void thePriorStartsFromItsDraws() {
    Parts parts = new Parts(maf("actnorm", "defensive", 1));
    parts.objective.initialise();
    assertEquals(0, parts.value("prior.layer0.norm.shift"), 0.2);
    assertEquals(
        -0.5 * Math.log(1 + SHARE), parts.value("prior.layer0.norm.log-scale"), 0.1, "scale");
  }

  /** The errors of rows are standard normal in units of their factor, whoever draws. */
  @Test
  void theRecognitionNetStartsFromTheErrors() {
    Parts parts = new Parts(maf("actnorm", "defensive", 0));
    double before = parts.value("recognition.layer0.norm.log-scale");
    parts.objective.initialise();
    double after = parts.value("recognition.layer0.norm.log-scale");
    assertEquals(0, after, 0.1);
    assertTrue(after != before, "nothing was written");
  }

  @Test
  void statisticsAreThoseOfTheDraws() {
    Parts parts = new Parts(maf("batch-norm", "defensive", 1));
    parts.objective.refresh();
    double variance = parts.value("prior.layer0.norm.variance");
    assertEquals(0, parts.value("prior.layer0.norm.mean"), 0.2);
    assertEquals(1 + SHARE, variance, 0.3);
    parts.objective.refresh();
    assertEquals(variance, parts.value("prior.layer0.norm.variance"), "a function of the weights");
  }

  /**
   * What the prior sees follows what the recognition net keeps, and is the same the second time.
   */
  @Test
  void statisticsOfBothAreAFunctionOfTheWeights() {
    Parts parts = new Parts(maf("batch-norm"));
    parts.objective.refresh();
    double first = parts.value("prior.layer0.norm.variance");
    assertTrue(parts.value("recognition.layer0.norm.variance") != 1, "nothing was written");
    parts.objective.refresh();
    assertEquals(first, parts.value("prior.layer0.norm.variance"));
  }

  /** Of noise-free rows, whose variance is a quarter of the noisy ones'. */
  @Test
  void pretrainingStartsFromWhatItIsShown() {
    Parts started = new Parts(maf("actnorm", "pretrain-prior", 1, "learning-rate", 0));
    started.objective.initialise();
    started.pretrain();
    assertEquals(
        -0.5 * Math.log(1 - SHARE), started.value("prior.layer0.norm.log-scale"), 0.05, "scale");
    Parts kept = new Parts(maf("batch-norm", "pretrain-prior", 1, "learning-rate", 0));
    kept.objective.initialise();
    kept.pretrain();
    assertEquals(1 - SHARE, kept.value("prior.layer0.norm.variance"), 0.03);
    // Written as the last of pretraining, too: the weights that are kept are those of the end.
    Parts net = new Parts(maf("batch-norm", "pretrain-posterior", 1, "learning-rate", 0));
    net.pretrain();
    assertEquals(1, net.value("recognition.layer0.norm.variance"), 0.1);
    assertTrue(net.value("recognition.layer0.norm.variance") != 1, "nothing was written");
  }

  private DeconvFlowModel fit(Object... options) {
    return new DeconvFlowProvider()
        .create(Setups.flow(options), Setups.context(Setups.SINGLE))
        .fit(table, FitOptions.seed(1), FitListener.SILENT);
  }

  private static double[] scores(DeconvFlowModel model, String density, double[] at) {
    return model
        .logDensity(model.density(density), Rows.of(new Matrix(at.length, 1, at)), SEED)
        .values();
  }

  /** A flow that has learnt nothing is the Gaussian of what it was shown: N(50, 4 (1 + 0.75)). */
  @Test
  void aFitBeginsWithIt() {
    try (DeconvFlowModel model =
        fit(maf("actnorm", "defensive", 1, "learning-rate", 0, "steps", 1, "averaging", 0))) {
      double expected = Math.log(Setups.normal(50, 50, 4 * (1 + SHARE)));
      assertEquals(expected, scores(model, "latent", new double[] {50})[0], 0.1);
    }
  }
}
