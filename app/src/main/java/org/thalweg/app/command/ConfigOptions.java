package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.table.Yaml;

/**
 * Options of an estimator from a YAML file and from {@code --set}, which wins. A part with options
 * of its own may be written nested: {@code univariate: {name: affine}} is {@code
 * univariate=affine}.
 */
final class ConfigOptions {
  private static final String NAME = "name";

  private ConfigOptions() {}

  static Map<String, Object> read(Optional<Path> file, List<String> set) {
    return read("--set", file, set);
  }

  /** The same under an option of another name. */
  static Map<String, Object> read(String option, Optional<Path> file, List<String> set) {
    Map<String, Object> out = new LinkedHashMap<>();
    file.ifPresent(path -> flatten("", Yaml.read(path), out));
    for (String assignment : set) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw ThalwegException.usage(
            "%s takes KEY=VALUE, such as %s epochs=100; got '%s'.", option, option, assignment);
      }
      out.put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1).strip());
    }
    return out;
  }

  private static void flatten(String prefix, Map<String, Object> from, Map<String, Object> out) {
    from.forEach(
        (key, value) -> {
          boolean part = !prefix.isEmpty() && key.equals(NAME);
          String full = part ? prefix : prefix.isEmpty() ? key : prefix + "." + key;
          if (value instanceof Map<?, ?>) {
            flatten(full, Yaml.map(value, full), out);
          } else {
            out.put(full, value);
          }
        });
  }
}
