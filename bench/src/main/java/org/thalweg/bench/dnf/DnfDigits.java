package org.thalweg.bench.dnf;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Decoder;
import org.thalweg.api.estimator.Encoder;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Projection;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.bench.Mnist;
import org.thalweg.bench.PrincipalComponents;
import org.thalweg.bench.Score;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.train.Training;

/**
 * {@code DnfDigits DOCS CSV STEPS [D:LABEL...]}: MNIST in d dimensions, by {@code dnf}, {@code
 * m-flow}, an autoencoder and principal components: the error of reconstruction of test images, in
 * pixels from 0 to 1. All see the images in their principal axes, a rotation that changes no
 * distance. Goes on where it was.
 */
public final class DnfDigits {
  private static final int TRAIN = 20_000;
  private static final int TEST = 2000;
  private static final int[] DIMENSIONS = {16, 2, 64};
  private static final List<String> LABELS = List.of("pca", "dnf", "m-flow", "pae");
  private static final String HEAD = "d,label,seed,steps,parameters,seconds,error,standard_error";

  private final Path docs;
  private final Path csv;
  private final ImageErrors errors;
  private final int steps;
  private final Registry registry = Installed.registry();
  private final PrincipalComponents axes;
  private final Matrix train;
  private final Matrix test;

  private DnfDigits(Path docs, Path csv, int steps) {
    this.docs = docs;
    this.csv = csv;
    this.errors = ImageErrors.beside(csv);
    this.steps = steps;
    Matrix images = Mnist.read(Mnist.Part.TRAIN).pixels().slice(0, TRAIN);
    this.axes = PrincipalComponents.of(images, 784);
    this.train = axes.forward(images);
    this.test = axes.forward(Mnist.read(Mnist.Part.TEST).pixels().slice(0, TEST));
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("DnfDigits DOCS CSV STEPS [D:LABEL...]");
      System.exit(2);
    }
    Path csv = Path.of(arguments[1]);
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    DnfDigits digits = new DnfDigits(Path.of(arguments[0]), csv, Integer.parseInt(arguments[2]));
    List<String> wanted = Arrays.asList(arguments).subList(3, arguments.length);
    for (int d : DIMENSIONS) {
      for (String label : LABELS) {
        if (wanted.isEmpty() || wanted.contains(d + ":" + label)) {
          digits.run(d, label);
        }
      }
    }
  }

  private void run(int d, String label) throws IOException {
    String key = d + "," + label + ",1,";
    if (Files.readAllLines(csv).stream().anyMatch(line -> line.startsWith(key))) {
      return;
    }
    Result result =
        switch (label) {
          case "pca" -> principal(d);
          case "pae" -> autoencoder(d);
          default -> flow(d, label);
        };
    errors.add(d, label, result.errors());
    String figures = result.cost() + "," + mean(result.errors());
    Files.writeString(csv, key + figures + "\n", StandardOpenOption.APPEND);
    System.out.println(key + figures);
  }

  /**
   * What a model came to.
   *
   * @param cost steps, parameters, seconds
   * @param errors of the test images
   */
  private record Result(String cost, double[] errors) {
    static Result of(double steps, double parameters, double seconds, double[] errors) {
      String cost = String.format(Locale.ROOT, "%.0f,%.0f,%.1f", steps, parameters, seconds);
      return new Result(cost, errors);
    }
  }

  /** In the principal axes, what is left out is what is lost. */
  private Result principal(int d) {
    double[] lost =
        IntStream.range(0, test.rows())
            .mapToDouble(
                i ->
                    Math.sqrt(
                        IntStream.range(d, 784)
                            .mapToDouble(j -> test.get(i, j) * test.get(i, j))
                            .sum()))
            .toArray();
    return Result.of(0, 0, 0, lost);
  }

  private Result autoencoder(int d) {
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      long start = System.nanoTime();
      Matrix seen = train.slice(0, (int) Math.round(0.98 * train.rows()));
      Autoencoder autoencoder = new Autoencoder(engine, seen, d, new Seed(1));
      Training training =
          ConfigBinder.bind(
              Training.DEFAULT,
              Map.of("epochs", 1000, "steps", steps, "batch-size", 128, "learning-rate", 1e-3));
      autoencoder.train(training, 1);
      double seconds = (System.nanoTime() - start) * 1e-9;
      return Result.of(steps, autoencoder.parameters(), seconds, autoencoder.distances(test));
    }
  }

  private Result flow(int d, String label) throws IOException {
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model = fit(registry.estimator(label), d, engine)) {
      if (label.equals("dnf")) {
        pictures(model, d);
      }
      Map<String, Double> metrics = model.card().metrics();
      return Result.of(
          metrics.get("steps"),
          metrics.get("parameters"),
          metrics.get("seconds"),
          model.as(Projection.class).distances(Rows.of(test)));
    }
  }

  private <C extends Record> Model fit(EstimatorProvider<C> provider, int d, Engine engine) {
    Map<String, Object> options =
        new TreeMap<>(
            Map.of(
                "flow", "realnvp",
                "flow.layers", 4,
                "flow.hidden", 128,
                "flow.blocks", 1,
                "flow.linear", "none",
                "latent", "nsf-coupling",
                "latent.layers", 3,
                "latent.hidden", 32,
                "dimension", d,
                "epochs", 1000));
    options.putAll(Map.of("steps", steps, "batch-size", 128, "learning-rate", 1e-3));
    options.put("validate-every", steps);
    if (provider.name().equals("dnf")) {
      options.putAll(Map.of("sigma", 0.1, "lambda", 100));
    }
    C config = ConfigBinder.bind(provider.defaults(), options);
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(
            Dataset.of(train),
            FitOptions.seed(1).withSplit(new Split(0.98, 0.02, 0)),
            FitListener.SILENT);
  }

  private static String mean(double[] errors) {
    Score score = Score.of(errors);
    return String.format(Locale.ROOT, "%.4f,%.4f", score.mean(), score.error());
  }

  /** Lines between pairs of test images; for two dimensions, the images of a grid of quantiles. */
  private void pictures(Model model, int d) throws IOException {
    Matrix latent = model.as(Encoder.class).encode(Rows.of(test.slice(0, 16)));
    int across = 9;
    double[] between = new double[8 * across * d];
    for (int i = 0; i < 8 * across; i++) {
      int pair = i / across;
      double share = (i % across) / (across - 1.0);
      for (int j = 0; j < d; j++) {
        between[i * d + j] =
            (1 - share) * latent.get(2 * pair, j) + share * latent.get(2 * pair + 1, j);
      }
    }
    write(model, new Matrix(8 * across, d, between), across, "dnf-digits-lines-" + d + ".png");
    if (d == 2) {
      int side = 15;
      double[] grid = new double[2 * side * side];
      for (int i = 0; i < side * side; i++) {
        grid[2 * i] = -2.2 + 4.4 * (i % side) / (side - 1);
        grid[2 * i + 1] = 2.2 - 4.4 * (i / side) / (side - 1);
      }
      write(model, new Matrix(side * side, 2, grid), side, "dnf-digits-grid.png");
    }
  }

  private void write(Model model, Matrix latent, int across, String name) throws IOException {
    Matrix decoded = model.as(Decoder.class).decode(latent, Matrix.zeros(latent.rows(), 0));
    Matrix pixels = axes.inverse(decoded);
    int down = latent.rows() / across;
    BufferedImage image = new BufferedImage(28 * across, 28 * down, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < latent.rows(); i++) {
      for (int p = 0; p < 784; p++) {
        double value = Math.max(0, Math.min(1, pixels.get(i, p)));
        image
            .getRaster()
            .setSample(
                28 * (i % across) + p % 28, 28 * (i / across) + p / 28, 0, (int) (255 * value));
      }
    }
    Path out = docs.resolve("images").resolve(name);
    Files.createDirectories(out.getParent());
    ImageIO.write(image, "png", out.toFile());
  }
}
