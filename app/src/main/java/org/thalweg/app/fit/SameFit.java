package org.thalweg.app.fit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.thalweg.api.error.ThalwegException;

/** Whether a fit is the one that a checkpoint belongs to, as far as its options tell. */
final class SameFit {
  private SameFit() {}

  /**
   * Refuses to go on with another estimator or with other options, naming each with both values.
   *
   * @param manifest the checkpoint's
   * @param options those of the fit that is to go on, by key
   * @throws ThalwegException exit code 2
   */
  static void require(
      Path checkpoint, Map<String, Object> manifest, String estimator, Map<String, ?> options) {
    List<String> differences = new ArrayList<>();
    compare(differences, "estimator", manifest.get("estimator"), estimator);
    if (differences.isEmpty() && manifest.get("config") instanceof Map<?, ?> stored) {
      TreeSet<String> keys = new TreeSet<>(options.keySet());
      stored.keySet().forEach(key -> keys.add(String.valueOf(key)));
      keys.forEach(key -> compare(differences, key, stored.get(key), options.get(key)));
    }
    if (!differences.isEmpty()) {
      throw ThalwegException.usage(
          "The checkpoint '%s' is of another fit: %s. Use the same, or start afresh without "
              + "--resume.",
          checkpoint, String.join("; ", differences));
    }
  }

  /** By their texts, since numbers come back from a file as other types. */
  private static void compare(List<String> differences, String key, Object then, Object now) {
    if (!Objects.toString(then, "").equals(Objects.toString(now, ""))) {
      differences.add(
          "%s was %s and is %s"
              .formatted(key, Objects.toString(then, "not set"), Objects.toString(now, "not set")));
    }
  }
}
