package org.thalweg.maf;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Univariate;
import org.thalweg.maf.ImageFlowConfig.FactorOut;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.nn.NetSize;

/**
 * Registers the multi-scale flow of images (Durkan and others, 2019, appendix B.3, after Kingma and
 * Dhariwal, 2018, figure 2). A level folds 2 x 2 pixels into channels, then has layers of actnorm,
 * an invertible 1 x 1 convolution and a coupling of channels, and one more 1 x 1 convolution. Half
 * of the channels leave for the noise before the next level, or none.
 */
public final class ImageFlowProvider implements DensityProvider<ImageFlowConfig> {
  @Override
  public String name() {
    return "nsf-image";
  }

  @Override
  public String summary() {
    return "multi-scale coupling neural spline flow of images; samples in one pass";
  }

  @Override
  public String paper() {
    return "Durkan, Bekasov, Murray, Papamakarios: Neural Spline Flows, 2019, appendix B.3";
  }

  @Override
  public ImageFlowConfig defaults() {
    return ImageFlowConfig.DEFAULT;
  }

  @Override
  public boolean flow() {
    return true;
  }

  @Override
  public TrainableDensity create(ImageFlowConfig config, BuildContext context) {
    Univariate family = Families.overTheLine(context.registry(), config.univariate());
    TrainableTransform levels =
        levels(config, config.image().of(Vectors.dimension(context)), family, context, 0);
    return new FlowDensity(
        context, List.of(levels), Parts.density(config.base(), context.child("base")));
  }

  /** The levels from {@code level} on, of images of a shape. */
  static TrainableTransform levels(
      ImageFlowConfig config, ImageShape image, Univariate family, BuildContext build, int level) {
    BuildContext own = build.child("level" + level);
    Squeeze squeeze = new Squeeze(image);
    ImageShape small = squeeze.squeezed();
    NetSize size = new NetSize(config.hidden(), config.blocks(), config.dropout());
    List<TrainableTransform> parts = new ArrayList<>();
    parts.add(squeeze);
    for (int n = 0; n < config.layers(); n++) {
      BuildContext layer = own.child("layer" + n);
      parts.add(norm(small, layer.child("norm")));
      parts.add(convolution(small, Order.RANDOM, layer.child("linear")));
      parts.add(new ChannelCoupling(layer.child("transform"), small, size, family));
    }
    parts.add(convolution(small, Order.RANDOM, own.child("last")));
    if (level + 1 < config.levels()) {
      int out = config.factorOut() == FactorOut.HALF ? small.channels() / 2 : 0;
      ImageShape kept = small.withChannels(small.channels() - out);
      TrainableTransform rest = levels(config, kept, family, build, level + 1);
      parts.add(out == 0 ? rest : new Leading(rest, kept.size(), small.size()));
    }
    return new Chain(parts);
  }

  /** Actnorm of channels. */
  static TrainableTransform norm(ImageShape image, BuildContext context) {
    return new PerPixel(image, new ActNorm(context.scope(), image.channels()));
  }

  /** An invertible 1 x 1 convolution. */
  static TrainableTransform convolution(ImageShape image, Order order, BuildContext context) {
    return new PerPixel(image, new LuLinear(context.scope(), image.channels(), order));
  }
}
