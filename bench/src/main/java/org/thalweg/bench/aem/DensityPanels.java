package org.thalweg.bench.aem;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.bench.planar.PlanarSet;

/** Densities over the same square side by side, all on the scale of the first. */
final class DensityPanels {
  private static final int GRID = 128;
  private static final int ZOOM = 2;
  private static final int SIDE = GRID * ZOOM;
  private static final int GAP = 8;
  private static final int LABEL = 20;

  /** Of the first picture's densities, what is shown as white. */
  private static final double BRIGHTEST = 0.995;

  private DensityPanels() {}

  /** A picture with its name; densities over the grid, row after row from the top. */
  record Panel(String name, double[] density) {}

  static Panel truth(PlanarSet set, double half) {
    Matrix grid = grid(half);
    var exact = set.logDensity().orElseThrow();
    double[] out = new double[GRID * GRID];
    Arrays.setAll(out, i -> Math.exp(exact.applyAsDouble(grid.get(i, 0), grid.get(i, 1))));
    return new Panel("truth", out);
  }

  static Panel model(String name, Model model, String density, double half) {
    LogDensity of = model.as(LogDensity.class);
    Rows rows = Rows.of(grid(half));
    // A box refuses what lies outside; there the density is 0.
    boolean[] usable = model.screen(rows).usable();
    int[] inside = IntStream.range(0, rows.size()).filter(i -> usable[i]).toArray();
    double[] logs = of.logDensity(of.density(density), rows.select(inside), new Seed(1)).values();
    double[] out = new double[GRID * GRID];
    for (int i = 0; i < inside.length; i++) {
      out[inside[i]] = Math.exp(logs[i]);
    }
    return new Panel(name, out);
  }

  private static Matrix grid(double half) {
    double[] out = new double[2 * GRID * GRID];
    for (int i = 0; i < GRID * GRID; i++) {
      out[2 * i] = half * (2 * (i % GRID + 0.5) / GRID - 1);
      out[2 * i + 1] = half * (1 - 2 * (i / GRID + 0.5) / GRID);
    }
    return new Matrix(GRID * GRID, 2, out);
  }

  static void write(Path file, List<Panel> panels) {
    double[] sorted = panels.get(0).density().clone();
    Arrays.sort(sorted);
    double white = sorted[(int) (BRIGHTEST * (sorted.length - 1))];
    int width = panels.size() * (SIDE + GAP) - GAP;
    BufferedImage image = new BufferedImage(width, SIDE + LABEL, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, SIDE + LABEL);
    for (int p = 0; p < panels.size(); p++) {
      int left = p * (SIDE + GAP);
      double[] density = panels.get(p).density();
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double share = density[y / ZOOM * GRID + x / ZOOM] / white;
          image.setRGB(left + x, LABEL + y, colour(Math.min(1, share)));
        }
      }
      g.setColor(Color.BLACK);
      g.drawString(panels.get(p).name(), left + 4, LABEL - 6);
    }
    g.dispose();
    PictureFile.write(file, image);
  }

  /** From black over blue and orange to white. */
  private static int colour(double share) {
    int red = (int) Math.round(255 * Math.min(1, 1.7 * share));
    int green = (int) Math.round(255 * share * share);
    int blue = (int) Math.round(255 * (share < 0.5 ? Math.sin(Math.PI * share) * 0.6 : share));
    return red << 16 | green << 8 | Math.min(255, blue);
  }
}
