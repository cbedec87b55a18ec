package org.thalweg.bench.vmonf;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Mnist;
import org.thalweg.bench.PrincipalComponents;
import org.thalweg.toolkit.model.ModelFile;
import org.thalweg.vmonf.VmonfModel;

/** Samples by component over the regions of the assigning net, and images that components draw. */
final class ClusterPictures {
  private static final int SIZE = 360;
  private static final int CELLS = 180;
  private static final int DRAWN = 300;
  private static final int IMAGES = 12;
  private static final Color[] DOTS = {
    new Color(31, 119, 180),
    new Color(214, 39, 40),
    new Color(44, 160, 44),
    new Color(148, 103, 189),
    new Color(255, 127, 14)
  };

  private final Path work;
  private final Registry registry;

  ClusterPictures(Path work, Registry registry) {
    this.work = work;
    this.registry = registry;
  }

  /** The pictures of the models of the first seed; of a model that is not at hand, the last one. */
  List<Path> write(Path docs) throws IOException {
    List<Path> out = new ArrayList<>();
    for (Job job : Job.all()) {
      Path file = VmonfResults.model(work, job);
      if (job.seed() != 1 || job.options().isEmpty()) {
        continue;
      }
      Path picture =
          docs.resolve("images").resolve("vmonf-" + job.fileName().replaceAll("-1$", "") + ".png");
      if (Files.exists(file)) {
        draw(job, file, picture);
      }
      if (Files.exists(picture)) {
        out.add(picture);
      }
    }
    return out;
  }

  private void draw(Job job, Path file, Path picture) throws IOException {
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        VmonfModel model =
            (VmonfModel) ModelFile.load(file, new EstimatorContext(engine, registry)).model()) {
      Files.createDirectories(picture.getParent());
      ImageIO.write(
          job.set().equals("digits") ? digits(model) : plane(model), "png", picture.toFile());
    }
  }

  private static BufferedImage plane(VmonfModel model) {
    List<Matrix> drawn = new ArrayList<>();
    double reach = 0;
    for (int c = 0; c < model.components(); c++) {
      Matrix some = model.component(c).sample(DRAWN, Matrix.zeros(1, 0), new Seed(c));
      drawn.add(some);
      double[] sizes = Arrays.stream(some.values()).map(Math::abs).sorted().toArray();
      reach = Math.max(reach, 1.15 * sizes[(int) (0.99 * sizes.length)]);
    }
    double[] grid = new double[2 * CELLS * CELLS];
    for (int i = 0; i < CELLS * CELLS; i++) {
      grid[2 * i] = reach * (2 * (i % CELLS + 0.5) / CELLS - 1);
      grid[2 * i + 1] = reach * (1 - 2 * (i / CELLS + 0.5) / CELLS);
    }
    int[] regions =
        Agreement.labels(model.probabilities(Rows.of(new Matrix(CELLS * CELLS, 2, grid))));
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    int side = SIZE / CELLS;
    for (int i = 0; i < regions.length; i++) {
      graphics.setColor(pale(DOTS[regions[i] % DOTS.length]));
      graphics.fillRect(side * (i % CELLS), side * (i / CELLS), side, side);
    }
    for (int c = 0; c < drawn.size(); c++) {
      graphics.setColor(DOTS[c % DOTS.length]);
      Matrix some = drawn.get(c);
      for (int i = 0; i < some.rows(); i++) {
        int x = (int) ((some.get(i, 0) / reach + 1) / 2 * SIZE);
        int y = (int) ((1 - some.get(i, 1) / reach) / 2 * SIZE);
        graphics.fillRect(x - 1, y - 1, 3, 3);
      }
    }
    graphics.dispose();
    return image;
  }

  private static Color pale(Color color) {
    return new Color(
        255 - (255 - color.getRed()) / 5,
        255 - (255 - color.getGreen()) / 5,
        255 - (255 - color.getBlue()) / 5);
  }

  /** A row of images for each component. */
  private static BufferedImage digits(VmonfModel model) {
    int count = model.schema().features().size();
    PrincipalComponents axes =
        PrincipalComponents.of(Clustered.digits(Mnist.Part.TRAIN).rows(), count);
    BufferedImage image =
        new BufferedImage(
            IMAGES * 28 * 2, model.components() * 28 * 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int c = 0; c < model.components(); c++) {
      Matrix drawn = model.component(c).sample(IMAGES, Matrix.zeros(1, 0), new Seed(c));
      Matrix pixels = axes.inverse(drawn);
      for (int i = 0; i < IMAGES; i++) {
        for (int p = 0; p < 4 * 784; p++) {
          int x = p % 56;
          int y = p / 56;
          double value = Math.max(0, Math.min(1, pixels.get(i, y / 2 * 28 + x / 2)));
          image.getRaster().setSample(56 * i + x, 56 * c + y, 0, (int) (255 * value));
        }
      }
    }
    return image;
  }
}
