package org.thalweg.aem;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers the autoregressive energy machine. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class AemPlugin implements ThalwegPlugin {
  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new AemProvider());
  }
}
