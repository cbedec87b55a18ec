package org.thalweg.toolkit.nn;

import ai.djl.ndarray.types.Shape;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/**
 * How the numbers of an event make an image: channel by channel, in each row by row.
 *
 * <p>Transforms of images are over vectors like all others, so that they go with every other part;
 * this says how the vector is read.
 */
public record ImageShape(
    @Option(
            value =
                "channels of an image; 0: as many as the columns make with its height and width",
            min = 0,
            max = 1 << 20)
        int channels,
    @Option(value = "rows of an image, to be declared", min = 0, max = 1 << 15) int height,
    @Option(value = "pixels in a row of an image, to be declared", min = 0, max = 1 << 15)
        int width) {
  /** To be declared. */
  public static final ImageShape UNDECLARED = new ImageShape(0, 0, 0);

  /** D, the numbers in an image. */
  public int size() {
    return channels * pixels();
  }

  /** The positions of an image. */
  public int pixels() {
    return height * width;
  }

  /** The shape of a batch of images. */
  public Shape batch(long rows) {
    return new Shape(rows, channels, height, width);
  }

  /** Whether a height and a width are declared. */
  public boolean declared() {
    return height > 0 && width > 0;
  }

  /** The same pixels with other channels. */
  public ImageShape withChannels(int other) {
    return new ImageShape(other, height, width);
  }

  /**
   * The declared shape of images of {@code columns} numbers, which fill it exactly.
   *
   * @throws ThalwegException where the height or the width is not declared, or the number of
   *     columns is another
   */
  public ImageShape of(int columns) {
    if (height < 1 || width < 1) {
      throw ThalwegException.usage(
          "Say how the %d columns make an image, channel by channel and row by row: set height and "
              + "width (got %d and %d), and channels where there are several.",
          columns, height, width);
    }
    long pixels = (long) height * width;
    boolean filled = channels == 0 ? columns % pixels == 0 : channels * pixels == columns;
    if (!filled) {
      throw ThalwegException.usage(
          "Images of %s channels, height %d and width %d have %s columns; there are %d. Correct "
              + "channels, height and width, or the columns.",
          channels == 0 ? "any number of" : channels,
          height,
          width,
          channels == 0 ? "a multiple of " + pixels : channels * pixels,
          columns);
    }
    return new ImageShape((int) (columns / pixels), height, width);
  }

  @Override
  public String toString() {
    return channels + " x " + height + " x " + width;
  }
}
