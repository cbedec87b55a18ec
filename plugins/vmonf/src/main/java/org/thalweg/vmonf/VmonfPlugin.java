package org.thalweg.vmonf;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers the mixture of flows. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class VmonfPlugin implements ThalwegPlugin {
  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new VmonfProvider());
  }
}
