package org.thalweg.harness.acceptance;

import java.util.Map;
import java.util.ServiceLoader;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/** Fits by name, with all plugins on the class path. */
final class Fits implements AutoCloseable {
  private final Registry registry;
  private final Engine engine;

  Fits() {
    Registry.Builder builder = Registry.builder();
    for (ThalwegPlugin plugin : ServiceLoader.load(ThalwegPlugin.class)) {
      builder.add(plugin, new PluginOrigin(plugin.getClass().getName(), "test", "class path"));
    }
    registry = builder.build();
    engine = Engines.open("cpu", EngineOptions.threads(2));
  }

  /** Fits on 80 % of the rows, stops early on 10 %; 10 % are for the test. */
  Model fit(String estimator, Map<String, Object> set, Dataset data, FitOptions options) {
    return fit(registry.estimator(estimator), set, data, options);
  }

  private <C extends Record> Model fit(
      EstimatorProvider<C> provider, Map<String, Object> set, Dataset data, FitOptions options) {
    C config = ConfigBinder.bind(provider.defaults(), set);
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(data, options, FitListener.SILENT);
  }

  /** The log-density of rows, in nats. */
  static double[] logDensity(Model model, Rows rows) {
    LogDensity density = model.as(LogDensity.class);
    return density.logDensity(density.densities().get(0), rows, new Seed(0)).values();
  }

  @Override
  public void close() {
    engine.close();
  }
}
