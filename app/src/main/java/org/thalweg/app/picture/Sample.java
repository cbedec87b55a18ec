package org.thalweg.app.picture;

import java.awt.Color;
import org.thalweg.api.data.Matrix;

/**
 * Rows under the name and in the colour that they have in a picture.
 *
 * @param name what the legend calls them
 * @param rows {@code [N, D]}
 * @param color their colour
 */
public record Sample(String name, Matrix rows, Color color) {
  /** What was observed. */
  public static Sample data(String name, Matrix rows) {
    return new Sample(name, rows, Palette.DATA);
  }

  /** What a model says. */
  public static Sample model(String name, Matrix rows) {
    return new Sample(name, rows, Palette.MODEL);
  }
}
