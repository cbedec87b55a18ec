package org.thalweg.maf;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.UnivariateProvider;
import org.thalweg.toolkit.train.MaximumLikelihoodProvider;
import org.thalweg.toolkit.train.Training;

/** Offers the transforms, the flows as densities, and the estimators that train them. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class MafPlugin implements ThalwegPlugin {
  @Override
  public List<UnivariateProvider<?>> univariates() {
    return List.of(new AdditiveProvider(), new AffineProvider());
  }

  @Override
  public List<TransformProvider<?>> transforms() {
    List<TransformProvider<?>> out = new ArrayList<>(BijectionProvider.all());
    out.addAll(
        List.of(
            new ActNormProvider(),
            new AutoregressiveProvider(),
            new BatchNormProvider(),
            new CouplingProvider(),
            new ElementwiseProvider(),
            new LuLinearProvider(),
            new PlanarProvider(),
            new QrLinearProvider(),
            new RadialProvider(),
            new PermutationProvider()));
    out.addAll(ImageTransformProvider.all());
    return out;
  }

  @Override
  public List<DensityProvider<?>> densities() {
    return Stream.of(estimated(), Stream.of(new ImageFlowProvider()), BaseProvider.all().stream())
        .<DensityProvider<?>>flatMap(providers -> providers)
        .toList();
  }

  @Override
  public List<EstimatorProvider<?>> estimators() {
    var images =
        new MaximumLikelihoodProvider<>(
            new ImageFlowProvider(), Training.DEFAULT.withLearningRate(1e-3), new Pixels());
    return Stream.<EstimatorProvider<?>>concat(
            estimated().map(MaximumLikelihoodProvider::new), Stream.of(images))
        .toList();
  }

  /** The densities that are worth fitting to a table by themselves. */
  private static Stream<DensityProvider<?>> estimated() {
    return Stream.concat(
        FlowProvider.all().stream(), Stream.of(new ComposedProvider(), new MadeProvider()));
  }
}
