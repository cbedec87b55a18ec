package org.thalweg.diffusion;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers score-based diffusion. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class DiffusionPlugin implements ThalwegPlugin {
  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new DiffusionProvider());
  }
}
