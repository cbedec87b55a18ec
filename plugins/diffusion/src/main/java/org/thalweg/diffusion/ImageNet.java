package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.toolkit.nn.Convolution;
import org.thalweg.toolkit.nn.Dense;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.nn.Linear;

/**
 * A small U-Net over images (Ronneberger and others, 2015; Song and others, 2021, "DDPM++", without
 * attention): residual blocks of two 3 x 3 convolutions at each scale, halved by averages on the
 * way down, doubled by repetition on the way up, where the blocks see what the way down had too.
 * The embedding of time and context scales and shifts the channels in each block.
 */
final class ImageNet implements VelocityNet {
  private record Block(
      Convolution enter, Convolution first, Convolution second, Linear gain, Linear shift) {}

  private record BoundBlock(
      Convolution.Bound enter,
      Convolution.Bound first,
      Convolution.Bound second,
      Dense gain,
      Dense shift) {
    Dual apply(Dual input, NDArray embedded) {
      Dual x = input.convolution(enter);
      Dual inner = x.silu().convolution(first);
      NDArray scale = everywhere(gain.apply(embedded).add(1));
      Dual moved = inner.modulatedSilu(scale, everywhere(shift.apply(embedded)));
      return x.addTo(moved.convolution(second));
    }

    /** {@code [N, C]} at every pixel. */
    private static NDArray everywhere(NDArray channels) {
      return channels.reshape(channels.getShape().add(1, 1));
    }
  }

  private final ImageShape image;
  private final int halvings;
  private final TimeEmbedding embedding;
  private final List<List<Block>> down = new ArrayList<>();
  private final List<List<Block>> up = new ArrayList<>();
  private final Convolution last;

  /**
   * A net.
   *
   * @param context the numbers in a context, 0 where there is none
   * @param scales the most scales; a side that is odd is not halved
   */
  ImageNet(ParameterScope scope, ImageShape image, int context, int scales, ScoreNetConfig size) {
    this.image = image;
    this.halvings = halvings(image, scales);
    int hidden = size.hidden();
    int embedded = TimeEmbedding.width(hidden);
    embedding = new TimeEmbedding(scope.child("time"), size.frequencies(), context, embedded);
    for (int level = 0; level <= halvings; level++) {
      int inputs = level == 0 ? image.channels() : hidden;
      down.add(blocks(scope.child("down" + level), inputs, hidden, size.blocks()));
    }
    for (int level = 0; level < halvings; level++) {
      up.add(blocks(scope.child("up" + level), 2 * hidden, hidden, size.blocks()));
    }
    Head small = new Head(TableNet.SMALL, TableNet.SMALL);
    last = new Convolution(scope.child("last"), hidden, image.channels(), 3, small);
  }

  private static int halvings(ImageShape image, int scales) {
    int out = 0;
    int height = image.height();
    int width = image.width();
    while (out + 1 < scales && height % 2 == 0 && width % 2 == 0) {
      height /= 2;
      width /= 2;
      out++;
    }
    return out;
  }

  private static List<Block> blocks(ParameterScope scope, int inputs, int hidden, int count) {
    int embedded = TimeEmbedding.width(hidden);
    List<Block> out = new ArrayList<>();
    for (int i = 0; i < Math.max(1, count); i++) {
      ParameterScope own = scope.child("block" + i);
      Head small = new Head(TableNet.SMALL, TableNet.SMALL);
      out.add(
          new Block(
              Convolution.usual(own.child("enter"), i == 0 ? inputs : hidden, hidden, 1),
              Convolution.usual(own.child("first"), hidden, hidden, 3),
              new Convolution(own.child("second"), hidden, hidden, 3, small),
              new Linear(own.child("gain"), embedded, hidden),
              new Linear(own.child("shift"), embedded, hidden)));
    }
    return out;
  }

  @Override
  public Bound bind(Binding binding) {
    TimeEmbedding.Bound time = embedding.bind(binding);
    List<List<BoundBlock>> boundDown = bind(down, binding);
    List<List<BoundBlock>> boundUp = bind(up, binding);
    Convolution.Bound out = last.bind(binding);
    return (y, logRatio, context) -> {
      NDArray embedded = time.apply(logRatio, context);
      Dual h = y.linear(x -> x.reshape(image.batch(x.getShape().get(0))));
      List<Dual> seen = new ArrayList<>();
      for (int level = 0; level <= halvings; level++) {
        if (level > 0) {
          seen.add(h);
          h = h.linear(ImageNet::halved);
        }
        h = apply(boundDown.get(level), h, embedded);
      }
      for (int level = halvings - 1; level >= 0; level--) {
        h = h.linear(ImageNet::doubled).join(seen.get(level));
        h = apply(boundUp.get(level), h, embedded);
      }
      Dual pixels = h.silu().convolution(out);
      return pixels.linear(x -> x.reshape(new Shape(x.getShape().get(0), image.size())));
    };
  }

  private static List<List<BoundBlock>> bind(List<List<Block>> levels, Binding binding) {
    return levels.stream()
        .map(
            blocks ->
                blocks.stream()
                    .map(
                        block ->
                            new BoundBlock(
                                block.enter.bind(binding),
                                block.first.bind(binding),
                                block.second.bind(binding),
                                block.gain.bind(binding),
                                block.shift.bind(binding)))
                    .toList())
        .toList();
  }

  private static Dual apply(List<BoundBlock> blocks, Dual input, NDArray embedded) {
    Dual h = input;
    for (BoundBlock block : blocks) {
      h = block.apply(h, embedded);
    }
    return h;
  }

  private static NDArray halved(NDArray x) {
    return Pool.avgPool2d(x, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true);
  }

  private static NDArray doubled(NDArray x) {
    return x.repeat(2, 2).repeat(3, 2);
  }
}
