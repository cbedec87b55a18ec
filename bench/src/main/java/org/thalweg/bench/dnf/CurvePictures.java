package org.thalweg.bench.dnf;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import javax.imageio.ImageIO;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.model.ModelFile;

/**
 * The pictures of Figure 2: above, rows and the learnt densities over the plane, each model's
 * default for a row as it stands; below, the density of the coordinate that each implies, in red,
 * and the true one.
 */
final class CurvePictures {
  private static final int SIZE = 220;
  private static final int GAP = 8;
  private static final int HEAD = 18;
  private static final int PIXELS = 110;
  private static final List<String> LABELS = List.of("dnf", "m-flow", "pie", "flow");

  private final Path work;
  private final Registry registry;

  CurvePictures(Path work, Registry registry) {
    this.work = work;
    this.registry = registry;
  }

  /** The picture of a set, of the first seed; where a model is not at hand, the last one. */
  Optional<Path> write(Path docs, String set) throws IOException {
    Path picture = docs.resolve("images").resolve("dnf-" + set + ".png");
    List<Job> jobs =
        LABELS.stream()
            .map(
                label ->
                    Job.all().stream()
                        .filter(
                            j -> j.set().equals(set) && j.label().equals(label) && j.seed() == 1)
                        .findFirst()
                        .orElseThrow())
            .toList();
    if (!jobs.stream().allMatch(job -> Files.exists(DnfResults.model(work, job)))) {
      return Optional.of(picture).filter(Files::exists);
    }
    Curve curve = DnfResults.curve(set);
    int width = (LABELS.size() + 1) * (SIZE + GAP) + GAP;
    int height = 2 * (SIZE + GAP + HEAD) + GAP;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    Matrix rows = curve.points(curve.draw(3000, 1001));
    double reach = 1.1 * Arrays.stream(rows.values()).map(Math::abs).max().orElseThrow();
    points(graphics, rows, reach);
    latent(graphics, 0, curve, trueLatent(curve));
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      for (int i = 0; i < jobs.size(); i++) {
        Path file = DnfResults.model(work, jobs.get(i));
        try (Model model = ModelFile.load(file, new EstimatorContext(engine, registry)).model()) {
          plane(graphics, i + 1, LABELS.get(i), model, reach);
          latent(graphics, i + 1, curve, implied(model, curve));
        }
      }
    }
    graphics.dispose();
    Files.createDirectories(picture.getParent());
    ImageIO.write(image, "png", picture.toFile());
    return Optional.of(picture);
  }

  private static int left(int column) {
    return GAP + column * (SIZE + GAP);
  }

  private static void title(Graphics2D graphics, int column, String words) {
    graphics.setColor(Color.BLACK);
    graphics.drawString(words, left(column) + 4, HEAD - 4);
    graphics.drawRect(left(column), HEAD, SIZE - 1, SIZE - 1);
  }

  private static void points(Graphics2D graphics, Matrix rows, double reach) {
    graphics.setColor(new Color(40, 70, 160));
    for (int i = 0; i < rows.rows(); i++) {
      int x = (int) ((rows.get(i, 0) / reach + 1) / 2 * SIZE);
      int y = (int) ((1 - rows.get(i, 1) / reach) / 2 * SIZE);
      graphics.fillRect(left(0) + x, HEAD + y, 2, 2);
    }
    title(graphics, 0, "rows");
  }

  private static void plane(
      Graphics2D graphics, int column, String label, Model model, double reach) {
    double[] grid = new double[2 * PIXELS * PIXELS];
    for (int i = 0; i < PIXELS * PIXELS; i++) {
      grid[2 * i] = reach * (2 * (i % PIXELS + 0.5) / PIXELS - 1);
      grid[2 * i + 1] = reach * (1 - 2 * (i / PIXELS + 0.5) / PIXELS);
    }
    LogDensity densities = model.as(LogDensity.class);
    LogDensity.Named density =
        label.equals("dnf") ? densities.density("manifold:1") : densities.densities().get(0);
    double[] values =
        densities
            .logDensity(density, Rows.of(new Matrix(PIXELS * PIXELS, 2, grid)), new Seed(1))
            .values();
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    double top = sorted.length == 0 ? 0 : sorted[(int) (0.999 * (sorted.length - 1))];
    for (int i = 0; i < values.length; i++) {
      double share = Math.max(0, Math.min(1, 1 + (values[i] - top) / 6));
      graphics.setColor(shade(Double.isFinite(values[i]) ? share : 0));
      graphics.fillRect(left(column) + 2 * (i % PIXELS), HEAD + 2 * (i / PIXELS), 2, 2);
    }
    title(graphics, column, label);
  }

  private static Color shade(double share) {
    return new Color(
        (float) (1 - 0.85 * share), (float) (1 - 0.75 * share), (float) (1 - 0.4 * share));
  }

  private static DoubleUnaryOperator trueLatent(Curve curve) {
    return c -> Math.exp(curve.logDensity(new double[] {c})[0]) * curve.speed().applyAsDouble(c);
  }

  /** The density on the curve times the length per unit of the coordinate. */
  private static DoubleUnaryOperator implied(Model model, Curve curve) {
    return c ->
        Math.exp(Judgement.logDensity(model, curve.points(new double[] {c}))[0])
            * curve.speed().applyAsDouble(c);
  }

  private static void latent(
      Graphics2D graphics, int column, Curve curve, DoubleUnaryOperator density) {
    int top = 2 * HEAD + SIZE + GAP;
    int steps = PIXELS;
    double[] truth = new double[steps];
    double[] given = new double[steps];
    for (int i = 0; i < steps; i++) {
      double c = curve.low() + (curve.high() - curve.low()) * (i + 0.5) / steps;
      truth[i] = trueLatent(curve).applyAsDouble(c);
      given[i] = density.applyAsDouble(c);
    }
    double most = 1.5 * Arrays.stream(truth).max().orElseThrow();
    graphics.setColor(Color.BLACK);
    graphics.drawRect(left(column), top, SIZE - 1, SIZE - 1);
    line(graphics, column, top, truth, most, Color.BLACK);
    line(graphics, column, top, given, most, new Color(200, 40, 40));
  }

  private static void line(
      Graphics2D graphics, int column, int top, double[] values, double most, Color color) {
    graphics.setColor(color);
    for (int i = 1; i < values.length; i++) {
      graphics.drawLine(
          left(column) + 2 * (i - 1),
          top + height(values[i - 1], most),
          left(column) + 2 * i,
          top + height(values[i], most));
    }
  }

  private static int height(double value, double most) {
    return (int) (SIZE - 2 - (SIZE - 4) * Math.max(0, Math.min(1, value / most)));
  }
}
