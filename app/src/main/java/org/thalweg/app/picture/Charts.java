package org.thalweg.app.picture;

import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;

/** The look that all charts share. */
final class Charts {
  private Charts() {}

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
