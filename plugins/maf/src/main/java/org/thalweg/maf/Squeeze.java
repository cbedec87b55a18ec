package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.ImageShape;

/**
 * Folds squares of 2 x 2 pixels into channels (Dinh and others, 2017, section 3.6); an image of one
 * row or one column is folded along the other side. A reordering: its Jacobian determinant is 1 or
 * -1.
 */
final class Squeeze implements TrainableTransform {
  private final ImageShape image;
  private final int rows;
  private final int columns;

  /**
   * A fold.
   *
   * @throws ThalwegException where a side is odd and not 1
   */
  Squeeze(ImageShape image) {
    this.image = image;
    this.rows = factor(image, image.height());
    this.columns = factor(image, image.width());
  }

  private static int factor(ImageShape image, int side) {
    if (side > 1 && side % 2 == 1) {
      throw ThalwegException.usage(
          "An image of %s cannot be halved, as a side is odd: choose fewer levels, or pad the "
              + "images.",
          image);
    }
    return side == 1 ? 1 : 2;
  }

  /** The image that it makes. */
  ImageShape squeezed() {
    return new ImageShape(
        image.channels() * rows * columns, image.height() / rows, image.width() / columns);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Transform bound = new Bound();
    return context -> bound;
  }

  private final class Bound extends Transform {
    private Bound() {
      super(new Shape(image.size()));
    }

    @Override
    public Cost forwardCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost inverseCost() {
      return Cost.ONE_PASS;
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      long n = x.getShape().get(0);
      ImageShape small = squeezed();
      NDArray squares =
          x.reshape(new Shape(n, image.channels(), small.height(), rows, small.width(), columns));
      return flat(squares.transpose(0, 1, 3, 5, 2, 4), x);
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      long n = y.getShape().get(0);
      ImageShape small = squeezed();
      NDArray squares =
          y.reshape(new Shape(n, image.channels(), rows, columns, small.height(), small.width()));
      return flat(squares.transpose(0, 1, 4, 2, 5, 3), y);
    }

    private Mapped flat(NDArray reordered, NDArray batch) {
      return new Mapped(reordered.reshape(batch.getShape()), Vectors.zeros(batch));
    }
  }
}
