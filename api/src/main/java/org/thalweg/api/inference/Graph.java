package org.thalweg.api.inference;

import java.util.List;
import org.thalweg.api.error.ThalwegException;

/**
 * A picture that belongs to a judgement, such as ranks or coverage, as numbers: who shows it draws
 * it.
 *
 * @param name lower-case words with hyphens; unique among those of a posterior
 * @param caption what it shows and how to read it, in a sentence or two
 * @param xLabel what the horizontal axis says
 * @param yLabel what the vertical axis says
 * @param lines at least one
 */
public record Graph(String name, String caption, String xLabel, String yLabel, List<Line> lines) {
  /** Copies; refuses a name that is no file's, and a graph without lines. */
  public Graph {
    lines = List.copyOf(lines);
    if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*") || lines.isEmpty()) {
      throw ThalwegException.usage(
          "A graph needs a name of lower-case words with hyphens and a line at least, got '%s' with "
              + "%d lines.",
          name, lines.size());
    }
  }

  /** How a line's points are shown. */
  public enum Style {
    /** Joined. */
    LINE,
    /** One by one. */
    POINTS,
    /** Joined by dashes: what is expected, or a limit. */
    REFERENCE
  }

  /**
   * Points that belong together.
   *
   * @param label what the legend calls them; lines of one label are shown alike and named once
   * @param style how they are shown
   * @param x finite numbers, at least one
   * @param y as many
   */
  public record Line(String label, Style style, double[] x, double[] y) {
    /** Refuses numbers that are no points. */
    public Line {
      if (x.length == 0 || x.length != y.length) {
        throw ThalwegException.usage(
            "Line '%s' has %d numbers along x and %d along y.", label, x.length, y.length);
      }
    }
  }
}
