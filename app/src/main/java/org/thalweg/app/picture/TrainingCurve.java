package org.thalweg.app.picture;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.thalweg.api.estimator.FitEvent;

/** Log-density of training batches and of validation rows against steps. */
public final class TrainingCurve {
  private TrainingCurve() {}

  /** Draws at least one validation. */
  public static BufferedImage draw(List<FitEvent.Validated> history) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(520)
            .title("Training")
            .xAxisTitle("step")
            .yAxisTitle("mean log-density, nats")
            .theme(Styler.ChartTheme.XChart)
            .build();
    Charts.plain(chart.getStyler());
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideSE);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMaxLabelCount(11);
    List<double[]> train = new ArrayList<>();
    List<double[]> validation = new ArrayList<>();
    for (FitEvent.Validated v : history) {
      add(train, v.step(), v.trainLogDensity());
      add(validation, v.step(), v.validationLogDensity());
    }
    anchor(chart, history.get(0));
    series(chart, "training batches", train, Palette.DATA);
    series(chart, "validation rows", validation, Palette.MODEL);
    FitEvent.Validated best =
        history.stream().filter(FitEvent.Validated::best).reduce((a, b) -> b).orElse(null);
    if (best != null) {
      var series =
          chart.addSeries(
              "best", new double[] {best.step()}, new double[] {best.validationLogDensity()});
      series.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(Palette.INK);
      series.setLineStyle(SeriesLines.NONE);
    }
    return BitmapEncoder.getBufferedImage(chart);
  }

  /**
   * Validations at equal distances would become the ticks; a point beside them gives round ones.
   */
  private static void anchor(XYChart chart, FitEvent.Validated first) {
    chart
        .addSeries(
            "anchor",
            new double[] {0.6 * first.step()},
            new double[] {first.validationLogDensity()})
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(SeriesLines.NONE)
        .setShowInLegend(false);
  }

  private static void add(List<double[]> points, double step, double value) {
    if (Double.isFinite(value)) {
      points.add(new double[] {step, value});
    }
  }

  private static void series(
      XYChart chart, String name, List<double[]> points, java.awt.Color color) {
    if (points.isEmpty()) {
      return;
    }
    double[] x = points.stream().mapToDouble(p -> p[0]).toArray();
    double[] y = points.stream().mapToDouble(p -> p[1]).toArray();
    chart
        .addSeries(name, x, y)
        .setMarker(points.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE)
        .setMarkerColor(color)
        .setLineColor(color);
  }
}
