package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;

/** The look that all charts share. */
final class Charts {
  private Charts() {}

  /** A chart without title and legend. */
  static XYChart bare(String x, String y, int width, int height) {
    XYChart chart =
        new XYChartBuilder().width(width).height(height).xAxisTitle(x).yAxisTitle(y).build();
    plain(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleVisible(false);
    chart.getStyler().setXAxisTickMarkSpacingHint(60);
    return chart;
  }

  static void limit(XYChart chart, double[] x, double[] y) {
    chart.getStyler().setXAxisMin(x[0]).setXAxisMax(x[1]);
    chart.getStyler().setYAxisMin(y[0]).setYAxisMax(y[1]);
  }

  static void plain(AxesChartStyler style) {
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderColor(Palette.GRID);
    style.setPlotGridLinesColor(Palette.GRID);
    style.setChartFontColor(Palette.INK);
    style.setAxisTickLabelsColor(Palette.INK);
    style.setLegendBorderColor(Palette.GRID);
    style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
    style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    style.setPlotMargin(0);
    style.setToolTipsEnabled(false);
  }
}
