package org.thalweg.splines;

import com.google.auto.service.AutoService;
import java.util.List;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.transform.UnivariateProvider;

/** Offers the splines. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class SplinesPlugin implements ThalwegPlugin {
  @Override
  public List<UnivariateProvider<?>> univariates() {
    return SplineProvider.all();
  }
}
