package com.acme.flow;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.UnivariateProvider;
import org.thalweg.toolkit.train.MaximumLikelihoodProvider;

/** What this jar adds. */
@AutoService(ThalwegPlugin.class)
public final class AcmePlugin implements ThalwegPlugin {
  private final AcmeFlowProvider flow = new AcmeFlowProvider();

  @Override
  public List<UnivariateProvider<?>> univariates() {
    return List.of(new SinhArcsinhProvider());
  }

  @Override
  public List<TransformProvider<?>> transforms() {
    return List.of(new ShuffleProvider());
  }

  @Override
  public List<DensityProvider<?>> densities() {
    return List.of(flow);
  }

  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new MaximumLikelihoodProvider<>(flow));
  }
}
