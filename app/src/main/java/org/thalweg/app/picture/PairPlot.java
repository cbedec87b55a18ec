package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.thalweg.api.data.Matrix;

/**
 * Every pair of columns against each other, data beside samples of the model; on the diagonal the
 * histogram of each column.
 */
public final class PairPlot {
  /** More columns would be too small to see; the first ones are shown. */
  private static final int MOST = 6;

  private static final int CELL = 260;
  private static final int LONE_CELL = 520;
  private static final int BINS = 40;

  private PairPlot() {}

  /**
   * Draws it.
   *
   * @param names the names of the D columns
   * @param data {@code [N, D]}, at least one row
   * @param samples {@code [M, D]}, at least one row
   */
  public static BufferedImage draw(List<String> names, Matrix data, Matrix samples) {
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
                ? histogram(names.get(row), data.column(row), samples.column(row), cell)
                : scatter(names, data, samples, row, column, cell);
        graphics.drawImage(BitmapEncoder.getBufferedImage(chart), column * cell, row * cell, null);
      }
    }
    graphics.dispose();
    return out;
  }

  private static XYChart scatter(
      List<String> names, Matrix data, Matrix samples, int row, int column, int cell) {
    XYChart chart = chart(names.get(column), names.get(row), cell);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(cell > CELL ? 4 : 3);
    // Above the diagonal the data, below it the samples, on the same axes.
    boolean shown = column > row;
    Matrix points = shown ? data : samples;
    double[] x = range(data.column(column), samples.column(column));
    double[] y = range(data.column(row), samples.column(row));
    limit(chart, x, y);
    List<double[]> inside = new ArrayList<>();
    for (int i = 0; i < points.rows(); i++) {
      double px = points.get(i, column);
      double py = points.get(i, row);
      if (px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1]) {
        inside.add(new double[] {px, py});
      }
    }
    if (!inside.isEmpty()) {
      chart
          .addSeries(
              shown ? "data" : "samples",
              inside.stream().mapToDouble(p -> p[0]).toArray(),
              inside.stream().mapToDouble(p -> p[1]).toArray())
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(Palette.transparent(shown ? Palette.DATA : Palette.MODEL, 90))
          .setLineStyle(SeriesLines.NONE);
    }
    return chart;
  }

  private static XYChart histogram(String name, double[] data, double[] samples, int cell) {
    XYChart chart = chart(name, "density", cell);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Step);
    chart.getStyler().setLegendVisible(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    double[] range = range(data, samples);
    double[] ofData = heights(data, range);
    double[] ofSamples = heights(samples, range);
    double most = Arrays.stream(ofData).max().orElse(1);
    most = Math.max(most, Arrays.stream(ofSamples).max().orElse(1));
    // Room for the legend above the bars.
    limit(chart, range, new double[] {0, most * 1.25});
    double[] edges = new double[BINS + 1];
    for (int k = 0; k <= BINS; k++) {
      edges[k] = range[0] + (range[1] - range[0]) * k / BINS;
    }
    // Values at equal distances would become the ticks; a shorter last bin gives round ones.
    edges[BINS] -= 0.3 * (range[1] - range[0]) / BINS;
    step(chart, "data", edges, ofData, Palette.DATA);
    step(chart, "samples", edges, ofSamples, Palette.MODEL);
    return chart;
  }

  private static void step(
      XYChart chart, String name, double[] edges, double[] heights, Color color) {
    chart
        .addSeries(name, edges, heights)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color)
        .setLineWidth(1.5f);
  }

  /** The heights of the bins, the last one twice, as a step chart needs them. */
  private static double[] heights(double[] values, double[] range) {
    double[] out = new double[BINS + 1];
    double width = (range[1] - range[0]) / BINS;
    for (double value : values) {
      int bin = (int) Math.floor((value - range[0]) / width);
      if (bin >= 0 && bin < BINS) {
        out[bin] += 1 / (width * values.length);
      }
    }
    out[BINS] = out[BINS - 1];
    return out;
  }

  private static XYChart chart(String x, String y, int cell) {
    XYChart chart =
        new XYChartBuilder().width(cell).height(cell).xAxisTitle(x).yAxisTitle(y).build();
    Charts.plain(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleVisible(false);
    chart.getStyler().setXAxisTickMarkSpacingHint(60);
    return chart;
  }

  private static void limit(XYChart chart, double[] x, double[] y) {
    chart.getStyler().setXAxisMin(x[0]).setXAxisMax(x[1]);
    chart.getStyler().setYAxisMin(y[0]).setYAxisMax(y[1]);
  }

  /** What holds all but the outermost values of the data and of the samples. */
  private static double[] range(double[] data, double[] samples) {
    double[] a = middle(data);
    double[] b = middle(samples);
    double low = Math.min(a[0], b[0]);
    double high = Math.max(a[1], b[1]);
    double margin = high > low ? 0.03 * (high - low) : Math.max(1, Math.abs(high));
    return new double[] {low - margin, high + margin};
  }

  private static double[] middle(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return new double[] {0, 1};
    }
    int cut = sorted.length / 400;
    return new double[] {sorted[cut], sorted[sorted.length - 1 - cut]};
  }
}
