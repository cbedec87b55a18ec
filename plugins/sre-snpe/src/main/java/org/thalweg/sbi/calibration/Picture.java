package org.thalweg.sbi.calibration;

import java.util.List;

/**
 * The data of a line chart.
 *
 * @param title what it shows
 * @param xLabel the horizontal axis
 * @param yLabel the vertical axis
 * @param curves the lines
 */
public record Picture(String title, String xLabel, String yLabel, List<Curve> curves) {
  /**
   * A line.
   *
   * @param name in the legend
   * @param x increasing
   * @param y as many
   */
  public record Curve(String name, double[] x, double[] y) {}

  /** Copies. */
  public Picture {
    curves = List.copyOf(curves);
  }
}
