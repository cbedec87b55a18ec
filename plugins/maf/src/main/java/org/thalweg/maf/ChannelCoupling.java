package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.nn.Contexts;
import org.thalweg.toolkit.nn.ConvolutionalNet;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.Ops;

/**
 * Transforms the second half of an image's channels by univariate maps whose parameters a
 * convolutional net makes of the first half and the context; the first half stays (Dinh and others,
 * 2017, section 3.4, channel-wise; Durkan and others, 2019, appendix B.3). A single channel is
 * transformed given the context alone. A fresh transform is near the identity.
 */
final class ChannelCoupling implements TrainableTransform {
  private final ImageShape image;
  private final ImageShape others;
  private final ImageShape transformed;
  private final int contextSize;
  private final Univariate univariate;
  private final ConvolutionalNet net;

  ChannelCoupling(BuildContext build, ImageShape image, NetSize size, Univariate univariate) {
    this.image = image;
    this.others = image.withChannels(image.channels() / 2);
    this.transformed = image.withChannels(image.channels() - others.channels());
    this.contextSize = build.contextSize();
    this.univariate = univariate;
    this.net =
        new ConvolutionalNet(
            build.scope(),
            seen().channels(),
            contextSize,
            size,
            transformed.channels() * univariate.parameterCount(),
            Head.near(univariate.identity()));
  }

  /** What the net sees: where there are no other channels, one of zeros. */
  private ImageShape seen() {
    return others.withChannels(Math.max(1, others.channels()));
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    ConvolutionalNet.Bound bound = net.bind(binding.child("net"));
    return context -> new Bound(binding.tape(), bound.given(Contexts.rows(context, contextSize)));
  }

  private final class Bound extends Transform {
    private final Tape tape;
    private final UnaryOperator<NDArray> conditioner;

    private Bound(Tape tape, UnaryOperator<NDArray> conditioner) {
      super(new Shape(image.size()));
      this.tape = tape;
      this.conditioner = conditioner;
    }

    @Override
    public Cost forwardCost() {
      return univariate.forwardCost();
    }

    @Override
    public Cost inverseCost() {
      return univariate.inverseCost();
    }

    @Override
    protected Mapped mapForward(NDArray x) {
      NDArray first = first(x);
      return join(first, univariate.forward(tape, second(x), parameters(first)));
    }

    @Override
    protected Mapped mapInverse(NDArray y) {
      NDArray first = first(y);
      return join(first, univariate.inverse(tape, second(y), parameters(first)));
    }

    private NDArray first(NDArray x) {
      return x.get(new NDIndex(":, :{}", others.size()));
    }

    private NDArray second(NDArray x) {
      return x.get(new NDIndex(":, {}:", others.size()));
    }

    /** {@code [N, transformed, P]}. */
    private NDArray parameters(NDArray first) {
      long n = first.getShape().get(0);
      Shape batch = seen().batch(n);
      NDArray images =
          others.channels() == 0
              ? first.getManager().zeros(batch, first.getDataType())
              : first.reshape(batch);
      int p = univariate.parameterCount();
      return conditioner
          .apply(images)
          .reshape(new Shape(n, transformed.channels(), p, image.pixels()))
          .transpose(0, 1, 3, 2)
          .reshape(new Shape(n, transformed.size(), p));
    }

    private Mapped join(NDArray first, Elementwise second) {
      return new Mapped(
          Ops.concat(new NDList(first, second.value()), 1),
          second.logDerivative().sum(new int[] {1}));
    }
  }
}
