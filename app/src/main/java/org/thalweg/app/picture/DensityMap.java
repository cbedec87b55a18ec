package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;

/** The density over a plane as colour, the data as points. */
public final class DensityMap {
  private static final int GRID = 200;
  private static final int PIXELS = 3;
  private static final int LEFT = 80;
  private static final int TOP = 40;
  private static final int RIGHT = 110;
  private static final int BOTTOM = 60;
  private static final int TICKS = 7;
  private static final int MOST_POINTS = 600;

  private DensityMap() {}

  /**
   * Draws it where the data is.
   *
   * @param title what is shown
   * @param names the names of the two columns
   * @param data {@code [N, 2]}, at least one row; the range of its whole rows is what is shown
   * @param logDensity the log-density at points {@code [M, 2]}, in nats
   */
  public static BufferedImage draw(
      String title, List<String> names, Matrix data, Function<Matrix, double[]> logDensity) {
    return draw(title, names, data, data, logDensity);
  }

  /**
   * Draws it.
   *
   * @param title what is shown
   * @param names the names of the two columns
   * @param data {@code [N, 2]}, shown as points
   * @param frame {@code [M, 2]}, at least one row; the range of its whole rows is what is shown
   * @param logDensity the log-density at points {@code [M, 2]}, in nats
   */
  public static BufferedImage draw(
      String title,
      List<String> names,
      Matrix data,
      Matrix frame,
      Function<Matrix, double[]> logDensity) {
    Matrix whole = whole(data);
    double[] x = range(whole(frame).column(0));
    double[] y = range(whole(frame).column(1));
    double[] density = Arrays.stream(logDensity.apply(grid(x, y))).map(Math::exp).toArray();
    double most = Arrays.stream(density).filter(Double::isFinite).max().orElse(1);
    int side = GRID * PIXELS;
    BufferedImage out =
        new BufferedImage(LEFT + side + RIGHT, TOP + side + BOTTOM, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = out.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, out.getWidth(), out.getHeight());
    cells(graphics, density, most);
    points(graphics, whole, x, y);
    axes(graphics, title, names, x, y, side);
    scale(graphics, most, side);
    graphics.dispose();
    return out;
  }

  private static Matrix whole(Matrix data) {
    return data.select(IntStream.range(0, data.rows()).filter(data::finite).toArray());
  }

  /** The middles of the cells, row after row from the top. */
  private static Matrix grid(double[] x, double[] y) {
    Matrix out = Matrix.zeros(GRID * GRID, 2);
    for (int i = 0; i < GRID * GRID; i++) {
      out.values()[2 * i] = x[0] + (x[1] - x[0]) * (i % GRID + 0.5) / GRID;
      out.values()[2 * i + 1] = y[1] - (y[1] - y[0]) * (i / GRID + 0.5) / GRID;
    }
    return out;
  }

  private static void cells(Graphics2D graphics, double[] density, double most) {
    for (int i = 0; i < density.length; i++) {
      graphics.setColor(new Color(Palette.viridis(density[i] / most)));
      graphics.fillRect(LEFT + i % GRID * PIXELS, TOP + i / GRID * PIXELS, PIXELS, PIXELS);
    }
  }

  private static void points(Graphics2D graphics, Matrix data, double[] x, double[] y) {
    int side = GRID * PIXELS;
    graphics.setColor(new Color(255, 255, 255, 130));
    graphics.setClip(LEFT, TOP, side, side);
    int stride = Math.max(1, data.rows() / MOST_POINTS);
    for (int i = 0; i < data.rows(); i += stride) {
      int px = LEFT + (int) Math.round((data.get(i, 0) - x[0]) / (x[1] - x[0]) * side);
      int py = TOP + (int) Math.round((y[1] - data.get(i, 1)) / (y[1] - y[0]) * side);
      graphics.fillOval(px - 1, py - 1, 3, 3);
    }
    graphics.setClip(null);
  }

  private static void axes(
      Graphics2D graphics, String title, List<String> names, double[] x, double[] y, int side) {
    graphics.setColor(Palette.INK);
    graphics.drawRect(LEFT - 1, TOP - 1, side + 1, side + 1);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (double tick : Ticks.of(x[0], x[1], TICKS)) {
      int px = LEFT + (int) Math.round((tick - x[0]) / (x[1] - x[0]) * side);
      centred(graphics, Ticks.label(tick), px, TOP + side + 18);
      graphics.drawLine(px, TOP + side, px, TOP + side + 4);
    }
    for (double tick : Ticks.of(y[0], y[1], TICKS)) {
      int py = TOP + side - (int) Math.round((tick - y[0]) / (y[1] - y[0]) * side);
      String text = Ticks.label(tick);
      int width = graphics.getFontMetrics().stringWidth(text);
      graphics.drawString(text, LEFT - 8 - width, py + 4);
      graphics.drawLine(LEFT - 5, py, LEFT - 1, py);
    }
    graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
    centred(graphics, names.get(0), LEFT + side / 2, TOP + side + 44);
    centred(graphics, title, LEFT + side / 2, TOP - 14);
    graphics.rotate(-Math.PI / 2);
    centred(graphics, names.get(1), -(TOP + side / 2), 18);
    graphics.rotate(Math.PI / 2);
  }

  private static void scale(Graphics2D graphics, double most, int side) {
    int left = LEFT + side + 20;
    for (int i = 0; i < side; i++) {
      graphics.setColor(new Color(Palette.viridis(1 - (double) i / side)));
      graphics.fillRect(left, TOP + i, 16, 1);
    }
    graphics.setColor(Palette.INK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    for (double tick : Ticks.of(0, most, TICKS)) {
      int py = TOP + side - (int) Math.round(tick / most * side);
      graphics.drawString(Ticks.label(tick), left + 22, py + 4);
    }
  }

  private static void centred(Graphics2D graphics, String text, int x, int y) {
    graphics.drawString(text, x - graphics.getFontMetrics().stringWidth(text) / 2, y);
  }

  private static double[] range(double[] values) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(1);
    double margin = high > low ? 0.08 * (high - low) : Math.max(1, Math.abs(high));
    return new double[] {low - margin, high + margin};
  }
}
