package org.thalweg.bench.aem;

import java.util.Map;
import java.util.TreeMap;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

/** The width with which an estimator has about as many weights as another. */
final class EqualSize {
  private static final int ROWS = 64;

  private final Registry registry;
  private final Engine engine;

  EqualSize(Registry registry, Engine engine) {
    this.registry = registry;
    this.engine = engine;
  }

  /** The options with the {@code hidden} whose count is closest to that of another's defaults. */
  Map<String, Object> like(
      String other, String estimator, Map<String, Object> options, Dataset data) {
    Dataset some = new Dataset(data.schema(), data.rows().slice(0, ROWS));
    double wanted = count(registry.estimator(other), Map.of(), some);
    int low = 4;
    int high = 1024;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (count(registry.estimator(estimator), wide(options, middle), some) <= wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return wide(options, low);
  }

  private static Map<String, Object> wide(Map<String, Object> options, int hidden) {
    Map<String, Object> out = new TreeMap<>(options);
    out.put("hidden", hidden);
    return out;
  }

  private <C extends Record> double count(
      EstimatorProvider<C> provider, Map<String, Object> options, Dataset data) {
    Map<String, Object> all = new TreeMap<>(options);
    all.put("steps", 1);
    C config = ConfigBinder.bind(provider.defaults(), all);
    FitOptions how = FitOptions.seed(1).withSplit(new Split(1, 0, 0));
    try (Model model =
        provider
            .create(config, new EstimatorContext(engine, registry))
            .fit(data, how, FitListener.SILENT)) {
      return model.card().metrics().get("parameters");
    }
  }
}
