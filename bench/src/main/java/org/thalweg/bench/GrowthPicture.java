package org.thalweg.bench;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Cost a row against each quantity, on logarithmic axes: proportional growth is a slope of 1. */
final class GrowthPicture {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 420;
  private static final int ACROSS = 3;

  private GrowthPicture() {}

  /** Draws the lines of a table of {@link Growth}, its head first. */
  static BufferedImage draw(List<String> lines) {
    Map<String, Map<String, List<double[]>>> charts = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      charts
          .computeIfAbsent(cells[1], axis -> new LinkedHashMap<>())
          .computeIfAbsent(
              cells[0].replace("autoregressive", "AR") + ", " + cells[3],
              series -> new ArrayList<>())
          .add(new double[] {Double.parseDouble(cells[2]), Double.parseDouble(cells[5])});
    }
    int down = (charts.size() + ACROSS - 1) / ACROSS;
    BufferedImage out =
        new BufferedImage(ACROSS * WIDTH, down * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = out.createGraphics();
    graphics.setColor(java.awt.Color.WHITE);
    graphics.fillRect(0, 0, out.getWidth(), out.getHeight());
    int place = 0;
    for (var chart : charts.entrySet()) {
      graphics.drawImage(
          chart(chart.getKey(), chart.getValue()),
          place % ACROSS * WIDTH,
          place / ACROSS * HEIGHT,
          null);
      place++;
    }
    graphics.dispose();
    return out;
  }

  private static BufferedImage chart(String axis, Map<String, List<double[]>> series) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Cost against " + axis)
            .xAxisTitle(axis)
            .yAxisTitle("processor time, µs a row")
            .theme(Styler.ChartTheme.XChart)
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setChartBackgroundColor(java.awt.Color.WHITE);
    series.forEach(
        (name, points) ->
            chart.addSeries(
                name,
                points.stream().mapToDouble(p -> p[0]).toArray(),
                points.stream().mapToDouble(p -> p[1]).toArray()));
    return BitmapEncoder.getBufferedImage(chart);
  }
}
