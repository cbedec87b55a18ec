package org.thalweg.vi;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.vi.gmm.GmmVbProvider;
import org.thalweg.vi.target.Targets;

/** Offers variational inference. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class ViPlugin implements ThalwegPlugin {
  @Override
  public List<TransformProvider<?>> transforms() {
    return List.of(new FunnelProvider());
  }

  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(new GmmVbProvider());
  }

  @Override
  public List<InferenceProvider<?>> inferences() {
    return List.copyOf(VariationalProvider.all());
  }

  @Override
  public List<TargetProvider<?>> targets() {
    return Targets.all();
  }
}
