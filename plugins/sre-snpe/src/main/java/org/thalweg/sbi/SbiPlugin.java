package org.thalweg.sbi;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.sbi.simulator.Simulators;

/** Offers simulation-based inference. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class SbiPlugin implements ThalwegPlugin {
  @Override
  public List<InferenceProvider<?>> inferences() {
    return Methods.all();
  }

  @Override
  public List<SimulatorProvider<?>> simulators() {
    return Simulators.all();
  }
}
