package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.ImageShape;

/**
 * A transform of the channels, the same at every pixel: with an LU matrix the invertible 1 x 1
 * convolution, with actnorm the one of images (Kingma and Dhariwal, 2018, sections 3.1 and 3.2).
 */
final class PerPixel implements TrainableTransform {
  private final ImageShape image;
  private final TrainableTransform ofChannels;

  PerPixel(ImageShape image, TrainableTransform ofChannels) {
    this.image = image;
    this.ofChannels = ofChannels;
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ConditionalTransform bound = ofChannels.bind(binding);
    return context -> new Bound(bound.given(context));
  }

  private final class Bound extends Transform {
    private final Transform inner;

    private Bound(Transform inner) {
      super(new Shape(image.size()));
      this.inner = inner;
    }

    @Override
    public Cost forwardCost() {
      return inner.forwardCost();
    }

    @Override
    public Cost inverseCost() {
      return inner.inverseCost();
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      return images(inner.forward(pixels(x)), x.getShape().get(0));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      return images(inner.inverse(pixels(y)), y.getShape().get(0));
    }

    /** {@code [N * pixels, C]}: the pixels of an image are consecutive rows. */
    private NDArray pixels(NDArray x) {
      long rows = x.getShape().get(0);
      return x.reshape(new Shape(rows, image.channels(), image.pixels()))
          .transpose(0, 2, 1)
          .reshape(new Shape(rows * image.pixels(), image.channels()));
    }

    private Mapped images(Mapped mapped, long rows) {
      NDArray value =
          mapped
              .value()
              .reshape(new Shape(rows, image.pixels(), image.channels()))
              .transpose(0, 2, 1)
              .reshape(new Shape(rows, image.size()));
      NDArray each = mapped.logAbsDet().reshape(new Shape(rows, image.pixels()));
      return new Mapped(value, each.sum(new int[] {1}));
    }
  }
}
