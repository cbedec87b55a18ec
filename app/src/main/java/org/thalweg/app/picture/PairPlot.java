package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.thalweg.api.data.Matrix;

/**
 * Every pair of columns against each other, data beside samples of the model; on the diagonal the
 * histogram of each column.
 */
public final class PairPlot {
  /** More columns would be too small to see; the first ones are shown. */
  public static final int MOST = 6;

  private static final int CELL = 260;
  private static final int LONE_CELL = 520;

  private PairPlot() {}

  /**
   * Draws data above the diagonal and samples below it.
   *
   * @param names the names of the D columns
   * @param data {@code [N, D]}, at least one row
   * @param samples {@code [M, D]}, at least one row
   */
  public static BufferedImage draw(List<String> names, Matrix data, Matrix samples) {
    return draw(names, List.of(Sample.data("data", data), Sample.model("samples", samples)));
  }

  /**
   * Draws samples on both sides of the diagonal.
   *
   * @param names the names of the D columns
   * @param samples {@code [M, D]}, at least one row
   */
  public static BufferedImage draw(List<String> names, Matrix samples) {
    return draw(names, List.of(Sample.model("samples", samples)));
  }

  /** The first sample goes above the diagonal, the last below it. */
  private static BufferedImage draw(List<String> names, List<Sample> samples) {
    int d = Math.min(MOST, names.size());
    int cell = d <= 2 ? LONE_CELL : CELL;
    BufferedImage out = new BufferedImage(d * cell, d * cell, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = out.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, out.getWidth(), out.getHeight());
    for (int row = 0; row < d; row++) {
      for (int column = 0; column < d; column++) {
        XYChart chart =
            row == column
                ? Histogram.chart(names.get(row), row, samples, cell, cell)
                : scatter(names, samples, row, column, cell);
        graphics.drawImage(BitmapEncoder.getBufferedImage(chart), column * cell, row * cell, null);
      }
    }
    graphics.dispose();
    return out;
  }

  private static XYChart scatter(
      List<String> names, List<Sample> samples, int row, int column, int cell) {
    XYChart chart = Charts.bare(names.get(column), names.get(row), cell, cell);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(cell > CELL ? 4 : 3);
    Sample shown = samples.get(column > row ? 0 : samples.size() - 1);
    // All cells of a column have the same axis.
    double[] x = range(samples, column);
    double[] y = range(samples, row);
    Charts.limit(chart, x, y);
    List<double[]> inside = new ArrayList<>();
    for (int i = 0; i < shown.rows().rows(); i++) {
      double px = shown.rows().get(i, column);
      double py = shown.rows().get(i, row);
      if (px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1]) {
        inside.add(new double[] {px, py});
      }
    }
    if (!inside.isEmpty()) {
      chart
          .addSeries(
              shown.name(),
              inside.stream().mapToDouble(p -> p[0]).toArray(),
              inside.stream().mapToDouble(p -> p[1]).toArray())
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(Palette.transparent(shown.color(), 90))
          .setLineStyle(SeriesLines.NONE);
    }
    return chart;
  }

  private static double[] range(List<Sample> samples, int column) {
    return Ranges.of(samples.stream().map(s -> s.rows().column(column)).toList());
  }
}
