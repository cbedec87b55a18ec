package org.thalweg.app.table;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;

/**
 * A YAML file that says what columns are:
 *
 * <pre>
 * columns:
 *   id:      {role: ignore}
 *   share:   {kind: bounded, lo: 0, hi: 1}
 *   alcohol: {resolution: 0.1}
 *   species: {role: label, kind: classes, values: [setosa, virginica]}
 * </pre>
 */
public final class SchemaFile {
  private static final List<String> KEYS =
      List.of("role", "kind", "lo", "hi", "resolution", "values");
  private static final List<String> KINDS =
      List.of("real", "integer", "angle", "bounded", "classes");

  private SchemaFile() {}

  /**
   * Reads one.
   *
   * @throws ThalwegException exit code 2 for what it cannot say, quoting the nearest word
   */
  public static Map<String, Columns.Declaration> read(Path file) {
    Map<String, Object> root = Yaml.read(file);
    for (String key : root.keySet()) {
      if (!key.equals("columns")) {
        throw Names.unknown("key of the schema file", key, List.of("columns"));
      }
    }
    Map<String, Columns.Declaration> out = new LinkedHashMap<>();
    Yaml.map(root.getOrDefault("columns", Map.of()), "columns")
        .forEach((name, value) -> out.put(name, declaration(name, value)));
    return out;
  }

  private static Columns.Declaration declaration(String column, Object value) {
    Map<String, Object> says = Yaml.map(value, "columns." + column);
    for (String key : says.keySet()) {
      if (!KEYS.contains(key)) {
        throw Names.unknown("key of column '" + column + "' in the schema file", key, KEYS);
      }
    }
    Optional<Role> role = Optional.ofNullable(says.get("role")).map(r -> role(String.valueOf(r)));
    OptionalDouble resolution =
        says.containsKey("resolution")
            ? OptionalDouble.of(number(column, says, "resolution"))
            : OptionalDouble.empty();
    return new Columns.Declaration(role, kind(column, says), resolution);
  }

  private static Role role(String word) {
    List<String> words =
        java.util.Arrays.stream(Role.values())
            .map(role -> role.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    if (!words.contains(word)) {
      throw Names.unknown("role", word, words);
    }
    return Role.values()[words.indexOf(word)];
  }

  private static Kind kind(String column, Map<String, Object> says) {
    String word = String.valueOf(says.getOrDefault("kind", "real"));
    boolean bounds = says.containsKey("lo") || says.containsKey("hi");
    if (bounds != word.equals("bounded")) {
      throw ThalwegException.usage(
          "Column '%s' of the schema file: kind bounded needs lo and hi, and only it has them.",
          column);
    }
    if (says.containsKey("values") != word.equals("classes")) {
      throw ThalwegException.usage(
          "Column '%s' of the schema file: kind classes needs values, and only it has them.",
          column);
    }
    return switch (word) {
      case "classes" -> classes(column, says.get("values"));
      case "real" -> Kind.REAL;
      case "integer" -> new Kind.IntegerValued();
      case "angle" -> new Kind.Angle();
      case "bounded" -> new Kind.Bounded(number(column, says, "lo"), number(column, says, "hi"));
      default -> throw Names.unknown("kind", word, KINDS);
    };
  }

  private static Kind classes(String column, Object values) {
    if (values instanceof List<?> list && !list.isEmpty()) {
      return new Kind.Classes(list.stream().map(String::valueOf).toList());
    }
    throw ThalwegException.usage(
        "Column '%s' of the schema file: 'values' takes a list such as [a, b], got '%s'.",
        column, values);
  }

  private static double number(String column, Map<String, Object> says, String key) {
    if (says.get(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw ThalwegException.usage(
        "Column '%s' of the schema file: '%s' takes a number, got '%s'.",
        column, key, says.get(key));
  }
}
