package org.thalweg.tck;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

class InferencesTest extends InferenceContract {
  /** Enough for two normal parameters. */
  private static final Map<String, Object> SHORT =
      Map.of("epochs", 60, "learning-rate", 2e-3, "candidates", 2000, "chains", 200);

  /** Enough to have been trained at all. */
  private static final Map<String, Object> HASTY =
      Map.of(
          "epochs",
          2,
          "candidates",
          200,
          "chains",
          20,
          "warmup",
          5,
          "thin",
          1,
          "fitting.steps",
          30);

  @Override
  protected Stream<Choice> subjects() {
    return registry().all(Registry.Kind.METHOD).keySet().stream()
        .map(name -> new Choice(name, known(name, SHORT)));
  }

  @Override
  protected Choice hasty(Choice subject) {
    Map<String, Object> options = new TreeMap<>(subject.options());
    options.putAll(known(subject.name(), HASTY));
    return new Choice(subject.name(), options);
  }

  private Map<String, Object> known(String name, Map<String, Object> wanted) {
    Map<String, Object> out = new TreeMap<>(wanted);
    out.keySet().retainAll(ConfigBinder.flatten(registry().method(name).defaults()).keySet());
    return out;
  }
}
