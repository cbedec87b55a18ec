package org.thalweg.app.picture;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The histograms of one column of samples, over each other. */
public final class Histogram {
  private static final int BINS = 40;
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;

  private Histogram() {}

  /**
   * Draws it.
   *
   * @param title what the axis says
   * @param column which column
   * @param samples at least one, each with at least one row; a missing value has no place
   */
  public static BufferedImage draw(String title, int column, List<Sample> samples) {
    return BitmapEncoder.getBufferedImage(chart(title, column, samples, WIDTH, HEIGHT));
  }

  static XYChart chart(String title, int column, List<Sample> samples, int width, int height) {
    XYChart chart = Charts.bare(title, "density", width, height);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Step);
    chart.getStyler().setLegendVisible(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    List<double[]> values = samples.stream().map(s -> finite(s.rows().column(column))).toList();
    double[] range = Ranges.of(values);
    List<double[]> heights = values.stream().map(v -> heights(v, range)).toList();
    double most = heights.stream().flatMapToDouble(Arrays::stream).max().orElse(1);
    // Room for the legend above the bars.
    Charts.limit(chart, range, new double[] {0, (most > 0 ? most : 1) * 1.25});
    double[] edges = new double[BINS + 1];
    for (int k = 0; k <= BINS; k++) {
      edges[k] = range[0] + (range[1] - range[0]) * k / BINS;
    }
    // Values at equal distances would become the ticks; a shorter last bin gives round ones.
    edges[BINS] -= 0.3 * (range[1] - range[0]) / BINS;
    for (int s = 0; s < samples.size(); s++) {
      chart
          .addSeries(samples.get(s).name(), edges, heights.get(s))
          .setMarker(SeriesMarkers.NONE)
          .setLineColor(samples.get(s).color())
          .setLineWidth(1.5f);
    }
    return chart;
  }

  private static double[] finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).toArray();
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
}
