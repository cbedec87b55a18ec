package org.thalweg.toolkit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.thalweg.api.config.Choice;

/**
 * A list of parts, as a text such as {@code actnorm, coupling(hidden=32, univariate=affine)}, or as
 * YAML gives it: names, and maps with a {@code name}.
 */
final class Choices {
  private static final String NAME = "name";

  private Choices() {}

  /**
   * The parts of a text or of a list.
   *
   * @throws IllegalArgumentException where it cannot be read
   */
  static List<Choice> parse(Object given) {
    if (given instanceof List<?> list) {
      return list.stream().map(Choices::element).toList();
    }
    return split(String.valueOf(given)).stream().map(Choices::part).toList();
  }

  /** What {@link #parse} reads. */
  static String print(List<?> choices) {
    return choices.stream().map(choice -> print((Choice) choice)).collect(Collectors.joining(", "));
  }

  private static String print(Choice choice) {
    String options =
        choice.options().entrySet().stream()
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining(", "));
    return options.isEmpty() ? choice.name() : choice.name() + "(" + options + ")";
  }

  private static Choice element(Object element) {
    if (element instanceof Map<?, ?> map) {
      Map<String, Object> options = new TreeMap<>();
      flatten("", map, options);
      Object name = options.remove(NAME);
      if (name == null) {
        throw new IllegalArgumentException("a part without a name");
      }
      return new Choice(name.toString(), options);
    }
    return part(String.valueOf(element));
  }

  /** {@code univariate: {name: affine}} is {@code univariate=affine}. */
  private static void flatten(String prefix, Map<?, ?> from, Map<String, Object> out) {
    from.forEach(
        (key, value) -> {
          boolean own = !prefix.isEmpty() && key.equals(NAME);
          String full = own ? prefix : prefix.isEmpty() ? "" + key : prefix + "." + key;
          if (value instanceof Map<?, ?> nested) {
            flatten(full, nested, out);
          } else {
            out.put(full, value);
          }
        });
  }

  private static Choice part(String text) {
    int open = text.indexOf('(');
    if (open < 0) {
      return Choice.of(named(text));
    }
    if (!text.endsWith(")")) {
      throw new IllegalArgumentException(text);
    }
    Map<String, Object> options = new TreeMap<>();
    for (String option : split(text.substring(open + 1, text.length() - 1))) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(option);
      }
      options.put(option.substring(0, equals).strip(), option.substring(equals + 1).strip());
    }
    return new Choice(named(text.substring(0, open)), options);
  }

  private static String named(String text) {
    String name = text.strip();
    if (!name.matches("[a-z0-9][a-z0-9._-]*(/[a-z0-9._-]+)?")) {
      throw new IllegalArgumentException(text);
    }
    return name;
  }

  /** Divides at commas outside parentheses. */
  private static List<String> split(String text) {
    List<String> out = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) {
        throw new IllegalArgumentException(text);
      }
      if (c == ',' && depth == 0) {
        out.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    if (depth != 0) {
      throw new IllegalArgumentException(text);
    }
    out.add(text.substring(from).strip());
    return out;
  }
}
