package org.thalweg.maf;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Univariate;
import org.thalweg.maf.CouplingConfig.Parity;
import org.thalweg.maf.CouplingConfig.Rest;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.nn.NetSize;

/**
 * Registers a flow: layers of a linear map and an autoregressive or coupling transform, over a
 * standard normal base (Durkan and others, 2019, section 5).
 */
public final class FlowProvider implements DensityProvider<FlowConfig> {
  private static final String NSF =
      "Durkan, Bekasov, Murray, Papamakarios: Neural Spline Flows, 2019";

  /** Makes the non-linear transform of the n-th layer. */
  @FunctionalInterface
  private interface Layer {
    TrainableTransform create(FlowConfig config, BuildContext context, Univariate family, int n);
  }

  private final String name;
  private final String summary;
  private final String paper;
  private final String univariate;
  private final Layer layer;

  private FlowProvider(String name, String summary, String paper, String univariate, Layer layer) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.univariate = univariate;
    this.layer = layer;
  }

  /** The four flows. */
  public static List<FlowProvider> all() {
    return List.of(
        new FlowProvider(
            "maf",
            "masked autoregressive flow of affine maps",
            "Papamakarios, Pavlakou, Murray: Masked Autoregressive Flow, 2017",
            "affine",
            FlowProvider::autoregressive),
        new FlowProvider(
            "realnvp",
            "coupling flow of affine maps; samples in one pass",
            "Dinh, Sohl-Dickstein, Bengio: Density Estimation using Real NVP, 2017",
            "affine",
            (config, context, family, n) -> coupling(config, context, family, n, Rest.FIXED)),
        new FlowProvider(
            "nsf-ar",
            "autoregressive neural spline flow",
            NSF,
            "rational-quadratic",
            FlowProvider::autoregressive),
        new FlowProvider(
            "nsf-coupling",
            "coupling neural spline flow; samples in one pass",
            NSF,
            "rational-quadratic",
            (config, context, family, n) -> coupling(config, context, family, n, Rest.FREE)));
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
  public FlowConfig defaults() {
    return FlowConfig.with(univariate);
  }

  @Override
  public TrainableDensity create(FlowConfig config, BuildContext context) {
    Univariate family = Families.overTheLine(context.registry(), config.univariate());
    List<TrainableTransform> transforms = new ArrayList<>();
    for (int n = 0; n < config.layers(); n++) {
      BuildContext own = context.child("layer" + n);
      if (config.normalise() == FlowConfig.Normalisation.ACTNORM) {
        transforms.add(new ActNorm(own.child("norm").scope(), Vectors.dimension(context)));
      }
      mix(transforms, config.linear(), own.child("linear"));
      transforms.add(layer.create(config, own.child("transform"), family, n));
    }
    if (config.linear() == FlowConfig.Mixing.LU || config.linear() == FlowConfig.Mixing.QR) {
      mix(transforms, config.linear(), context.child("last"));
    }
    return new FlowDensity(
        context, transforms, Parts.density(config.base(), context.child("base")));
  }

  private static void mix(
      List<TrainableTransform> transforms, FlowConfig.Mixing mixing, BuildContext context) {
    int dimension = Vectors.dimension(context);
    switch (mixing) {
      case LU -> transforms.add(new LuLinear(context.scope(), dimension, Order.RANDOM));
      case QR ->
          transforms.add(
              new QrLinear(context.scope(), dimension, QrLinearConfig.DEFAULT.reflections()));
      case PERMUTATION -> transforms.add(new Permutation(context.scope(), dimension, Order.RANDOM));
      case NONE -> {
        // The transforms follow each other directly.
      }
    }
  }

  private static TrainableTransform autoregressive(
      FlowConfig config, BuildContext context, Univariate family, int n) {
    return config.fast().direct(new Autoregressive(context, size(config), family));
  }

  private static NetSize size(FlowConfig config) {
    return new NetSize(config.hidden(), config.blocks(), config.dropout());
  }

  private static TrainableTransform coupling(
      FlowConfig config, BuildContext context, Univariate family, int n, Rest rest) {
    if (config.fast() == Fast.SAMPLING) {
      throw ThalwegException.usage(
          "A coupling flow takes one pass in both directions: leave 'fast' out, or choose an "
              + "autoregressive flow.");
    }
    NetSize size = size(config);
    if (Vectors.dimension(context) == 1) {
      return new ColumnWise(context, size, family);
    }
    return new Coupling(context, size, family, n % 2 == 0 ? Parity.EVEN : Parity.ODD, rest);
  }
}
