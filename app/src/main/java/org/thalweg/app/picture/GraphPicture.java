package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.thalweg.api.inference.Graph;

/** A graph that goes with a judgement. */
public final class GraphPicture {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final Color[] COLOURS = {
    Palette.DATA, Palette.MODEL, new Color(0x2b, 0x8c, 0x62), new Color(0x8a, 0x4f, 0x9e)
  };

  private GraphPicture() {}

  /** Draws it as it is. */
  public static BufferedImage draw(Graph graph) {
    return BitmapEncoder.getBufferedImage(chart(graph));
  }

  /**
   * Draws it without the values that are far below the others, as those of the first steps of a
   * training are.
   */
  public static BufferedImage drawUpper(Graph graph) {
    XYChart chart = chart(graph);
    double[] values =
        graph.lines().stream().flatMapToDouble(line -> Arrays.stream(line.y())).sorted().toArray();
    double low = values[values.length / 10];
    double high = values[values.length - 1];
    double margin = high > low ? 0.1 * (high - low) : Math.max(1, Math.abs(high));
    chart.getStyler().setYAxisMin(low - margin).setYAxisMax(high + margin);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYChart chart(Graph graph) {
    XYChart chart = Charts.bare(graph.xLabel(), graph.yLabel(), WIDTH, HEIGHT);
    Map<String, Color> colours = colours(graph.lines());
    chart.getStyler().setLegendVisible(colours.size() > 1);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setMarkerSize(5);
    chart.getStyler().setXAxisMaxLabelCount(11);
    graph.lines().forEach(line -> add(chart, line, colours.get(line.label())));
    return chart;
  }

  /** One a label, in the order of the lines. */
  private static Map<String, Color> colours(List<Graph.Line> lines) {
    Map<String, Color> out = new LinkedHashMap<>();
    int coloured = 0;
    for (Graph.Line line : lines) {
      if (!out.containsKey(line.label())) {
        boolean reference = line.style() == Graph.Style.REFERENCE;
        out.put(line.label(), reference ? Palette.INK : COLOURS[coloured++ % COLOURS.length]);
      }
    }
    return out;
  }

  private static void add(XYChart chart, Graph.Line line, Color colour) {
    int drawn = chart.getSeriesMap().size();
    // A chart tells its lines apart by name; those of one label are one in the legend.
    XYSeries series = chart.addSeries("line " + drawn, line.x(), line.y());
    series.setLabel(line.label());
    series.setShowInLegend(
        chart.getSeriesMap().values().stream()
            .limit(drawn)
            .noneMatch(other -> other.getLabel().equals(line.label())));
    series.setLineColor(colour);
    series.setMarkerColor(colour);
    boolean points = line.style() == Graph.Style.POINTS || line.x().length == 1;
    series.setMarker(points ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setLineStyle(
        switch (line.style()) {
          case LINE -> SeriesLines.SOLID;
          case POINTS -> SeriesLines.NONE;
          case REFERENCE -> SeriesLines.DASH_DASH;
        });
  }
}
