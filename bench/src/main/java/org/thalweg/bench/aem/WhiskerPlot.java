package org.thalweg.bench.aem;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.thalweg.app.picture.PictureFile;

/** Relative errors over S, both on logarithmic axes: the median, with whiskers of 5 % to 95 %. */
final class WhiskerPlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int BOTTOM = 50;
  private static final int TOP = 20;
  private static final int RIGHT = 20;
  private static final double LEAST = 1e-6;
  private static final double MOST = 1;
  private static final Color[] COLOURS = {
    new Color(0x26, 0x4c, 0x7d),
    new Color(0xd9, 0x6b, 0x1e),
    new Color(0x1f, 0xa1, 0x87),
    new Color(0x44, 0x01, 0x54),
    new Color(0x99, 0x33, 0x33),
    new Color(0x77, 0x77, 0x77)
  };

  private WhiskerPlot() {}

  /**
   * What is drawn of one model.
   *
   * @param name its name
   * @param whiskers 5 %, 50 % and 95 % for each S
   */
  record Series(String name, List<double[]> whiskers) {}

  static void write(Path file, List<Series> all) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    axes(g);
    for (int k = 0; k < all.size(); k++) {
      g.setColor(COLOURS[k % COLOURS.length]);
      g.setStroke(new BasicStroke(2));
      g.drawString(all.get(k).name(), WIDTH - 200, TOP + 16 + 16 * k);
      draw(g, all.get(k).whiskers(), 5 * (k - all.size() / 2));
    }
    g.dispose();
    Files.createDirectories(file.getParent());
    PictureFile.write(file, image);
  }

  private static void draw(Graphics2D g, List<double[]> whiskers, int shift) {
    for (int i = 0; i < whiskers.size(); i++) {
      int x = x(Calibration.SAMPLES[i]) + shift;
      double[] w = whiskers.get(i);
      g.drawLine(x, y(w[0]), x, y(w[2]));
      g.drawLine(x - 4, y(w[0]), x + 4, y(w[0]));
      g.drawLine(x - 4, y(w[2]), x + 4, y(w[2]));
      g.fillOval(x - 4, y(w[1]) - 4, 8, 8);
      if (i > 0) {
        g.drawLine(x(Calibration.SAMPLES[i - 1]) + shift, y(whiskers.get(i - 1)[1]), x, y(w[1]));
      }
    }
  }

  private static void axes(Graphics2D g) {
    for (double e = LEAST; e <= MOST * 1.01; e *= 10) {
      g.setColor(new Color(0xdd, 0xdd, 0xdd));
      g.drawLine(LEFT, y(e), WIDTH - RIGHT, y(e));
      g.setColor(Color.DARK_GRAY);
      g.drawString("1e" + Math.round(Math.log10(e)), 24, y(e) + 4);
    }
    for (int samples : Calibration.SAMPLES) {
      g.drawString(Integer.toString(samples), x(samples) - 14, HEIGHT - 28);
    }
    g.drawString("S, importance samples", WIDTH / 2 - 60, HEIGHT - 10);
    g.drawString("relative error of log Z", LEFT, TOP - 6);
  }

  private static int x(double samples) {
    double share = (Math.log10(samples) - 1) / (Math.log10(50_000) - 1);
    return (int) (LEFT + share * (WIDTH - LEFT - RIGHT));
  }

  private static int y(double error) {
    double clamped = Math.max(LEAST, Math.min(MOST, error));
    double share = Math.log10(clamped / LEAST) / Math.log10(MOST / LEAST);
    return (int) (HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP));
  }
}
