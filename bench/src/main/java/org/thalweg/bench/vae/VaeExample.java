package org.thalweg.bench.vae;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.bench.diffusion.RealSet;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;

/**
 * {@code VaeExample DOCS RESULTS}: digits of 8 x 8 binary pixels by three autoencoders, after
 * Durkan and Nash (2019, section 4.4) and Durkan and others (2019, section 5.2), scaled down to two
 * minutes: a standard normal prior; an energy machine fitted to what that one encodes, as its prior
 * afterwards; flows as posterior and prior. It writes DOCS/results/vae.md and RESULTS/vae.csv.
 */
public final class VaeExample {
  private static final int PIXELS = 64;
  private static final int LATENTS = 8;
  private static final int TEST = 300;
  private static final int DRAWS = 10;
  private static final int STEPS = 3000;
  private static final int MACHINE_STEPS = 1500;
  private static final int SAMPLES = 1000;
  private static final long SEED = 1;
  private static final Choice NORMAL = Choice.of("standard-normal");
  private static final Choice FLOW =
      new Choice("nsf-coupling", Map.of("layers", 3, "hidden", 32, "blocks", 1));

  private final Engine engine;
  private final Registry registry = Installed.registry();
  private final Matrix train;
  private final double[] test;
  private final List<Result> results = new ArrayList<>();

  private VaeExample(Engine engine, Matrix images) {
    this.engine = engine;
    this.train = images.slice(TEST, images.rows());
    this.test = VaeObjective.binary(images.slice(0, TEST), new Seed(SEED).child("test"));
  }

  /**
   * What a model says of the test images.
   *
   * @param bounds the evidence lower bound of each, in nats
   * @param rates the divergence of posterior and prior in each, in nats: what is encoded
   * @param likelihoods of each, by as many importance samples as there are draws
   */
  private record Result(
      String name, double[] bounds, double[] rates, double[] likelihoods, double seconds) {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("VaeExample DOCS RESULTS");
      System.exit(2);
    }
    Matrix pixels = RealSet.of("mnist8").data().rows().features();
    double[] shares = Arrays.stream(pixels.values()).map(v -> v / 255).toArray();
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      VaeExample example =
          new VaeExample(engine, new Matrix(pixels.rows(), pixels.columns(), shares));
      example.normalAndMachine();
      example.flows();
      example.write(Path.of(arguments[0]), Path.of(arguments[1]));
    }
  }

  private void normalAndMachine() {
    long start = System.nanoTime();
    ParameterStore store = new ParameterStore(engine, new Seed(SEED));
    Vae vae = new Vae(store, registry, PIXELS, LATENTS, NORMAL, NORMAL);
    train(store, vae, 0.9);
    Drawn drawn = draw(vae, test, DRAWS, new Seed(SEED).child("judge"));
    add("standard normal", drawn, drawn.logPrior, start);
    double[] images = VaeObjective.binary(train, new Seed(SEED).child("encode"));
    Matrix encoded = draw(vae, images, 1, new Seed(SEED).child("encode")).z;
    Rows rows = Rows.of(drawn.z);
    try (Model machine = machine(registry.estimator("aem"), encoded)) {
      LogDensity density = machine.as(LogDensity.class);
      for (String name : List.of("proposal", "kde:" + SAMPLES, "estimate:" + SAMPLES)) {
        double[] prior = density.logDensity(density.density(name), rows, new Seed(SEED)).values();
        add("energy machine afterwards, " + name.replace(":", ", S = "), drawn, prior, start);
      }
    }
  }

  private void flows() {
    long start = System.nanoTime();
    ParameterStore store = new ParameterStore(engine, new Seed(SEED));
    Vae vae = new Vae(store, registry, PIXELS, LATENTS, FLOW, FLOW);
    train(store, vae, 1);
    Drawn drawn = draw(vae, test, DRAWS, new Seed(SEED).child("judge"));
    add("flow; the posterior too", drawn, drawn.logPrior, start);
  }

  private void train(ParameterStore store, Vae vae, double beta) {
    Training training = Training.DEFAULT.withLength(1_000_000, STEPS);
    List<Column> pixels = new ArrayList<>();
    for (int j = 0; j < PIXELS; j++) {
      pixels.add(Column.feature("p" + j));
    }
    ModelCard card =
        new ModelCard("vae", training, new Schema(pixels), SEED, engine.name(), new TreeMap<>());
    new TrainingLoop(
            engine,
            store,
            training,
            new VaeObjective(vae, train, beta),
            FitOptions.seed(SEED),
            FitListener.SILENT,
            card)
        .run();
  }

  private <C extends Record> Model machine(EstimatorProvider<C> provider, Matrix encoded) {
    Map<String, Object> options =
        Map.of("steps", MACHINE_STEPS, "epochs", 1_000_000, "tilted", true, "warm-up", 300);
    C config = ConfigBinder.bind(provider.defaults(), options);
    FitOptions how = FitOptions.seed(SEED).withSplit(new Split(0.95, 0.05, 0));
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(Dataset.of(encoded), how, FitListener.SILENT);
  }

  /** Draws as numbers; what {@link Vae.Draws} says. */
  private record Drawn(
      Matrix z, double[] logPosterior, double[] logPrior, double[] logLikelihood) {}

  private Drawn draw(Vae vae, double[] images, int each, Seed seed) {
    int n = images.length / PIXELS;
    int rows = n * each;
    Drawn out =
        new Drawn(
            Matrix.zeros(rows, vae.latents()),
            new double[rows],
            new double[rows],
            new double[rows]);
    int atOnce = 500;
    for (int from = 0; from < n; from += atOnce) {
      int to = Math.min(n, from + atOnce);
      double[] some = Arrays.copyOfRange(images, from * PIXELS, to * PIXELS);
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Binding binding = new Binding(tape, Binding.Mode.EVALUATE, seed.child(from));
        Vae.Draws draws = vae.draw(binding, some, each);
        int at = from * each;
        copy(engine.hostView(draws.z()).toDoubles(), out.z.values(), at * vae.latents());
        copy(engine.hostView(draws.logPosterior().add(0)).toDoubles(), out.logPosterior, at);
        copy(engine.hostView(draws.logPrior().add(0)).toDoubles(), out.logPrior, at);
        copy(engine.hostView(draws.logLikelihood().add(0)).toDoubles(), out.logLikelihood, at);
      }
    }
    return out;
  }

  /** The log-probability of the test images where each pixel has its own frequency. */
  private double[] independent() {
    double[] on = new double[PIXELS];
    for (int i = 0; i < train.values().length; i++) {
      on[i % PIXELS] += train.values()[i] / train.rows();
    }
    double[] out = new double[TEST];
    for (int i = 0; i < test.length; i++) {
      double p = Math.max(1e-6, Math.min(1 - 1e-6, on[i % PIXELS]));
      out[i / PIXELS] += Math.log(test[i] == 1 ? p : 1 - p);
    }
    return out;
  }

  private static void copy(double[] from, double[] to, int at) {
    System.arraycopy(from, 0, to, at, from.length);
  }

  private void add(String name, Drawn drawn, double[] logPrior, long start) {
    double[] bounds = new double[TEST];
    double[] rates = new double[TEST];
    double[] likelihoods = new double[TEST];
    for (int i = 0; i < TEST; i++) {
      double[] weights = new double[DRAWS];
      for (int k = 0; k < DRAWS; k++) {
        int at = i * DRAWS + k;
        rates[i] += (drawn.logPosterior[at] - logPrior[at]) / DRAWS;
        weights[k] = drawn.logLikelihood[at] + logPrior[at] - drawn.logPosterior[at];
      }
      double highest = Arrays.stream(weights).max().orElseThrow();
      double sum = Arrays.stream(weights).map(w -> Math.exp(w - highest)).sum();
      bounds[i] = Arrays.stream(weights).average().orElseThrow();
      likelihoods[i] = highest + Math.log(sum / DRAWS);
    }
    results.add(new Result(name, bounds, rates, likelihoods, (System.nanoTime() - start) * 1e-9));
  }

  private void write(Path docs, Path csv) throws IOException {
    List<String> rows = new ArrayList<>();
    rows.add(
        "prior,seed,steps,bound,bound_standard_error,rate,log_likelihood,"
            + "log_likelihood_standard_error,seconds");
    StringBuilder page = new StringBuilder(INTRODUCTION);
    double[] alone = independent();
    page.append(
        String.format(
            Locale.ROOT, "| none: pixels are independent | %s | | 0 | | |%n", words(alone)));
    Result first = results.get(0);
    for (Result result : results) {
      double[] gap = new double[TEST];
      Arrays.setAll(gap, i -> result.bounds[i] - first.bounds[i]);
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %.0f |%n",
              result.name,
              words(result.bounds),
              result == first ? "" : words(gap),
              words(result.rates),
              words(result.likelihoods),
              result.seconds));
      rows.add(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%.4f,%.4f,%.4f,%.4f,%.4f,%.1f",
              result.name.replace(",", ";"),
              SEED,
              STEPS,
              mean(result.bounds),
              error(result.bounds),
              mean(result.rates),
              mean(result.likelihoods),
              error(result.likelihoods),
              result.seconds));
    }
    Files.createDirectories(docs.resolve("results"));
    Files.writeString(docs.resolve("results/vae.md"), page);
    Files.createDirectories(csv);
    Files.write(csv.resolve("vae.csv"), rows);
    System.out.print(page);
  }

  private static final String INTRODUCTION =
      """
      # Autoencoders of digits: flows and an energy machine inside another model

      Digits of MNIST averaged to 8 x 8 pixels and made binary at random, %d for training and %d for
      judging; %d latent numbers, %d steps, seed %d, one thread. *Bound* is the evidence lower bound,
      *rate* the part of it that is the divergence of posterior and prior, *log P* its importance-weighted form with %d draws of the posterior, in nats an image, ± one
      standard error over the images; differences are paired. The first two parts have a normal
      posterior and are one autoencoder, trained with 0.9 of the divergence: the energy machine
      (`tilted=true`) is fitted to what it encodes and takes the prior's place afterwards (Durkan and
      Nash, 2019, section 4.4). The last has flows as posterior and prior, trained together (Durkan
      and others, 2019, section 5.2). Seconds are on the clock of a machine that others shared, and
      of the energy machine include the first row's.

      Written by `VaeExample docs bench/results` of `bench`; `org.thalweg.bench.vae` shows how a
      registered density is bound inside a model of one's own.

      | prior | bound | less the standard normal's | rate | log P | seconds |
      | --- | --- | --- | --- | --- | ---: |
      """
          .formatted(9700, TEST, LATENTS, STEPS, SEED, DRAWS);

  private static String words(double[] values) {
    return String.format(Locale.ROOT, "%.3f ± %.3f", mean(values), error(values));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double error(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }
}
