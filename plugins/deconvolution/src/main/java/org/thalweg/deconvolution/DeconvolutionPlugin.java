package org.thalweg.deconvolution;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers density deconvolution, and Laplace noise. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class DeconvolutionPlugin implements ThalwegPlugin {
  @Override
  public List<DensityProvider<?>> densities() {
    return List.of(new LaplaceProvider());
  }

  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new DeconvFlowProvider(), new XdGmmProvider());
  }
}
