package org.thalweg.maf;

import java.util.List;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.nn.NetSize;

/** Registers a transform of images. */
final class ImageTransformProvider<C extends Record> implements TransformProvider<C> {
  private static final String GLOW = "Kingma, Dhariwal: Glow, 2018, section 3.";

  /** The options of a transform that has none but the image. */
  public record ImageConfig(ImageShape image) {}

  /** The options of the 1 x 1 convolution. */
  public record ConvolutionConfig(
      ImageShape image,
      @Option("how channels are reordered before the matrix is applied") Order order) {}

  /** The options of the coupling of channels. */
  public record CouplingConfig(
      ImageShape image,
      @Option(value = "channels of each hidden layer", min = 1, max = 65536) int hidden,
      @Option(value = "residual blocks of two layers", min = 0, max = 64) int blocks,
      @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
          double dropout,
      @Option("what each number is transformed by") Choice univariate) {}

  /** Builds the transform. */
  @FunctionalInterface
  private interface Maker<C> {
    TrainableTransform create(C config, BuildContext context);
  }

  private final String name;
  private final String summary;
  private final String paper;
  private final C defaults;
  private final Maker<C> maker;

  private ImageTransformProvider(
      String name, String summary, String paper, C defaults, Maker<C> maker) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.defaults = defaults;
    this.maker = maker;
  }

  /** The transforms of images. */
  static List<ImageTransformProvider<?>> all() {
    return List.of(
        new ImageTransformProvider<>(
            "channel-actnorm",
            "scale and shift of every channel of an image, set from a first batch",
            GLOW + "1",
            new ImageConfig(ImageShape.UNDECLARED),
            (config, context) ->
                ImageFlowProvider.norm(config.image().of(Vectors.dimension(context)), context)),
        new ImageTransformProvider<>(
            "channel-coupling",
            "half of an image's channels transformed given the others by a convolutional net",
            "Durkan et al.: Neural Spline Flows, 2019, appendix B.3",
            new CouplingConfig(ImageShape.UNDECLARED, 32, 2, 0, Choice.of("affine")),
            ImageTransformProvider::coupling),
        new ImageTransformProvider<>(
            "channel-linear",
            "invertible 1 x 1 convolution: a matrix of the channels in its LU decomposition",
            GLOW + "2",
            new ConvolutionConfig(ImageShape.UNDECLARED, Order.RANDOM),
            (config, context) ->
                ImageFlowProvider.convolution(
                    config.image().of(Vectors.dimension(context)), config.order(), context)),
        new ImageTransformProvider<>(
            "squeeze",
            "squares of 2 x 2 pixels of an image folded into channels",
            "Dinh, Sohl-Dickstein, Bengio: Real NVP, 2017, section 3.6",
            new ImageConfig(ImageShape.UNDECLARED),
            (config, context) -> new Squeeze(config.image().of(Vectors.dimension(context)))));
  }

  private static TrainableTransform coupling(CouplingConfig config, BuildContext context) {
    return new ChannelCoupling(
        context,
        config.image().of(Vectors.dimension(context)),
        new NetSize(config.hidden(), config.blocks(), config.dropout()),
        Parts.univariate(context.registry(), config.univariate()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public String paper() {
    return paper;
  }

  @Override
  public C defaults() {
    return defaults;
  }

  @Override
  public TrainableTransform create(C config, BuildContext context) {
    return maker.create(config, context);
  }
}
