package org.thalweg.dnf;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers flows on manifolds. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class DnfPlugin implements ThalwegPlugin {
  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new DnfProvider(), new MFlowProvider());
  }
}
