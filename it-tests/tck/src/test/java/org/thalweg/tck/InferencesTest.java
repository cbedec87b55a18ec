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
      Map.of("epochs", 40, "learning-rate", 3e-3, "candidates", 2000, "chains", 200, "steps", 600);

  /** Enough to have been trained at all. */
  private static final Map<String, Object> HASTY =
      Map.ofEntries(
          Map.entry("epochs", 2),
          Map.entry("candidates", 200),
          Map.entry("chains", 20),
          Map.entry("warmup", 5),
          Map.entry("thin", 1),
          Map.entry("steps", 30),
          Map.entry("restarts", 2));

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
