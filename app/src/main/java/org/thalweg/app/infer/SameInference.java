package org.thalweg.app.infer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.thalweg.api.error.ThalwegException;

/** Whether an inference is the one that a checkpoint belongs to. */
final class SameInference {
  private SameInference() {}

  /**
   * Refuses to go on with another method, other options, or another problem, naming each
   * difference.
   *
   * @param manifest the checkpoint's
   * @param options those of the method, by key
   * @param noted what the checkpoint of this inference notes
   * @throws ThalwegException exit code 2
   */
  static void require(
      Path checkpoint,
      Map<String, Object> manifest,
      String method,
      Map<String, Object> options,
      Map<String, Object> noted) {
    List<String> differences = new ArrayList<>();
    compare(differences, "method", manifest.get("method"), method);
    if (differences.isEmpty()) {
      compareAll(differences, manifest.get("config"), options);
      compareAll(differences, manifest.get("provenance"), noted);
    }
    if (!differences.isEmpty()) {
      throw ThalwegException.usage(
          "The checkpoint '%s' is of another inference: %s. Use the same, or start afresh without "
              + "--resume.",
          checkpoint, String.join("; ", differences));
    }
  }

  private static void compareAll(List<String> differences, Object then, Map<String, Object> now) {
    Map<?, ?> stored = then instanceof Map<?, ?> map ? map : Map.of();
    TreeSet<String> keys = new TreeSet<>(now.keySet());
    stored.keySet().forEach(key -> keys.add(String.valueOf(key)));
    for (String key : keys) {
      if (stored.get(key) instanceof Map<?, ?> inner && now.get(key) instanceof Map<?, ?>) {
        compareMaps(differences, key, inner, (Map<?, ?>) now.get(key));
      } else {
        compare(differences, key, stored.get(key), now.get(key));
      }
    }
  }

  /** A problem and its options; an observation or data are too long to be told. */
  private static void compareMaps(
      List<String> differences, String what, Map<?, ?> then, Map<?, ?> now) {
    TreeSet<String> keys = new TreeSet<>();
    then.keySet().forEach(key -> keys.add(String.valueOf(key)));
    now.keySet().forEach(key -> keys.add(String.valueOf(key)));
    for (String key : keys) {
      Object before = then.get(key);
      Object after = now.get(key);
      if (before instanceof Map<?, ?> inner && after instanceof Map<?, ?> outer) {
        compareMaps(differences, what + "'s " + key, inner, outer);
      } else if (before instanceof List<?> || after instanceof List<?>) {
        if (!Objects.toString(before).equals(Objects.toString(after))) {
          differences.add("the " + what + "'s " + key + " was another");
        }
      } else {
        compare(differences, what + "'s " + key, before, after);
      }
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
