package org.thalweg.bench.diffusion;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * {@code ImageBits OUT.csv DOCS SET MINUTES TEST [diffusion|nsf-image]...}: bits per dimension of
 * digits that no fit saw, of a diffusion's densities and of a flow's, each trained for as many
 * minutes, with a picture of what they draw in DOCS/images. What OUT.csv has is not run again.
 */
public final class ImageBits {
  static final String HEAD =
      "set,estimator,density,minutes,steps,parameters,rows,bits_per_dimension,standard_error,seconds";

  private static final int DRAWN = 8;
  private static final long SEED = 1;

  private final Path out;
  private final Registry registry = Installed.registry();

  private ImageBits(Path out) {
    this.out = out;
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 5) {
      System.err.println("ImageBits OUT.csv DOCS SET MINUTES TEST [diffusion|nsf-image]...");
      System.exit(2);
    }
    ImageBits bits = new ImageBits(Path.of(arguments[0]));
    RealSet set = RealSet.of(arguments[2]);
    double minutes = Double.parseDouble(arguments[3]);
    List<String> named = Arrays.asList(arguments).subList(5, arguments.length);
    for (String estimator : named.isEmpty() ? List.of("diffusion", "nsf-image") : named) {
      bits.run(set, estimator, minutes, Integer.parseInt(arguments[4]), Path.of(arguments[1]));
    }
  }

  private void run(RealSet set, String estimator, double minutes, int test, Path docs)
      throws IOException {
    if (!Files.exists(out)) {
      Files.createDirectories(out.toAbsolutePath().getParent());
      Files.writeString(out, HEAD + "\n");
    }
    String key = set.name() + "," + estimator + ",";
    if (Files.readAllLines(out).stream().anyMatch(line -> line.startsWith(key))) {
      return;
    }
    Rows all = set.data().rows();
    Rows held = all.slice(0, test);
    Dataset data = new Dataset(set.data().schema(), all.slice(test, all.size()));
    Map<String, Object> options = new TreeMap<>(set.options());
    options.put("epochs", 1_000_000);
    options.put("patience", 0);
    if (estimator.equals("nsf-image")) {
      options.put("levels", 2);
      options.put("layers", 4);
    } else {
      options.put("judged", 1);
    }
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model = fit(registry.estimator(estimator), options, engine, data, minutes)) {
      LogDensity density = model.as(LogDensity.class);
      List<String> names =
          estimator.equals("diffusion")
              ? List.of("ode-mass", "sde-bound-mass")
              : List.of(density.densities().get(0).name());
      for (String name : names) {
        double[] logs = density.logDensity(density.density(name), held, new Seed(SEED)).values();
        double scale = -1 / (Math.log(2) * all.features().columns());
        double[] bits = Arrays.stream(logs).map(v -> scale * v).toArray();
        Map<String, Double> metrics = model.card().metrics();
        String row =
            String.format(
                Locale.ROOT,
                "%s%s,%.1f,%.0f,%.0f,%d,%.4f,%.4f,%.0f%n",
                key,
                name,
                minutes,
                metrics.get("steps"),
                metrics.get("parameters"),
                test,
                Figures.mean(bits),
                Figures.error(bits),
                metrics.get("seconds"));
        Files.writeString(out, row, StandardOpenOption.APPEND);
        System.out.print(row);
      }
      Matrix drawn = model.as(Sampler.class).sample(DRAWN * DRAWN, Matrix.zeros(1, 0), new Seed(2));
      Path file = docs.resolve("images").resolve(set.name() + "-" + estimator + ".png");
      picture(file, drawn);
    }
  }

  private <C extends Record> Model fit(
      EstimatorProvider<C> provider,
      Map<String, Object> options,
      Engine engine,
      Dataset data,
      double minutes) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    Duration limit = Duration.ofMillis(Math.round(60_000 * minutes));
    FitOptions how = FitOptions.seed(SEED).withSplit(new Split(0.98, 0.02, 0)).withTimeLimit(limit);
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(data, how, FitListener.SILENT);
  }

  /** Draws in a square, as grey levels of 0 to 255. */
  private static void picture(Path file, Matrix drawn) throws IOException {
    int side = (int) Math.round(Math.sqrt(drawn.columns()));
    int zoom = Math.max(1, 56 / side);
    int width = DRAWN * side * zoom;
    BufferedImage image = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        int row = y / (side * zoom) * DRAWN + x / (side * zoom);
        double value = drawn.get(row, y / zoom % side * side + x / zoom % side);
        int grey = (int) Math.max(0, Math.min(255, Math.rint(value)));
        image.setRGB(x, y, grey << 16 | grey << 8 | grey);
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    PictureFile.write(file, image);
  }
}
