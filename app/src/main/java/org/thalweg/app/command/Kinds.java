package org.thalweg.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.error.Names;
import org.thalweg.api.plugin.Registry;

/** The words that stand for kinds of things: {@code estimators}, and {@code estimator} too. */
final class Kinds {
  /** The word for engines, which are not in the registry. */
  static final String ENGINES = "engines";

  /** The word for plugins, which are not in the registry. */
  static final String PLUGINS = "plugins";

  private static final Map<String, Registry.Kind> KINDS = kinds();

  private Kinds() {}

  /** The kind of a word; empty for engines and plugins; an unknown word is refused. */
  static Optional<Registry.Kind> of(String word) {
    String plural = plural(word);
    if (plural.equals(ENGINES) || plural.equals(PLUGINS)) {
      return Optional.empty();
    }
    Registry.Kind kind = KINDS.get(plural);
    if (kind == null) {
      List<String> words = new ArrayList<>(KINDS.keySet());
      words.add(ENGINES);
      words.add(PLUGINS);
      throw Names.unknown("kind", word, words);
    }
    return Optional.of(kind);
  }

  /** The plural of a word, which may be one already. */
  static String plural(String word) {
    return word.endsWith("s") ? word : word.endsWith("y") ? stem(word) + "ies" : word + "s";
  }

  private static String stem(String word) {
    return word.substring(0, word.length() - 1);
  }

  private static Map<String, Registry.Kind> kinds() {
    Map<String, Registry.Kind> out = new LinkedHashMap<>();
    // Estimators first: what a name without a kind most likely stands for.
    out.put(plural(Registry.Kind.ESTIMATOR.label()), Registry.Kind.ESTIMATOR);
    for (Registry.Kind kind : Registry.Kind.values()) {
      out.put(plural(kind.label()), kind);
    }
    return out;
  }

  /** All kinds, those first that a name without a kind most likely stands for. */
  static List<Registry.Kind> inOrder() {
    return List.copyOf(KINDS.values());
  }
}
