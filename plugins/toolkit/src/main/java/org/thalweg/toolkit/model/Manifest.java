package org.thalweg.toolkit.model;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;

/** JSON as maps, never as classes that a file could name. */
final class Manifest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Manifest() {}

  static byte[] encode(Map<String, Object> manifest) {
    try {
      return JSON.writeValueAsBytes(manifest);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, Object> decode(byte[] json) {
    try {
      return JSON.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (IOException e) {
      throw ThalwegException.data("The model file's manifest is not JSON: %s", e.getMessage());
    }
  }

  /** What made the file: a method where it names one, else an estimator. */
  static Registry.Kind maker(Map<String, Object> manifest) {
    return manifest.containsKey(Registry.Kind.METHOD.label())
        ? Registry.Kind.METHOD
        : Registry.Kind.ESTIMATOR;
  }

  static List<Map<String, Object>> columns(Schema schema) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (Column column : schema.columns()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", column.name());
      map.put("role", column.role().name().toLowerCase(Locale.ROOT));
      if (column.kind() instanceof Kind.Bounded b) {
        map.put("kind", "bounded");
        map.put("lo", b.low());
        map.put("hi", b.high());
      } else if (column.kind() instanceof Kind.Classes classes) {
        map.put("kind", "classes");
        map.put("values", classes.values());
      } else {
        map.put(
            "kind",
            column.kind() instanceof Kind.Angle
                ? "angle"
                : column.kind() instanceof Kind.IntegerValued ? "integer" : "real");
      }
      column.resolution().ifPresent(step -> map.put("resolution", step));
      out.add(map);
    }
    return out;
  }

  static Schema schema(Object stored) {
    List<Column> columns = new ArrayList<>();
    for (Object item : list(stored)) {
      Map<String, Object> map = map(item);
      columns.add(
          new Column(
              text(map, "name"),
              role(text(map, "role")),
              kind(map),
              map.get("resolution") instanceof Number step
                  ? OptionalDouble.of(step.doubleValue())
                  : OptionalDouble.empty()));
    }
    return new Schema(columns);
  }

  static Map<String, Object> map(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> out = new TreeMap<>();
      map.forEach((k, v) -> out.put(String.valueOf(k), v));
      return out;
    }
    throw malformed("an object", value);
  }

  static String text(Map<String, Object> map, String key) {
    if (map.get(key) instanceof String text) {
      return text;
    }
    throw malformed("a text under '" + key + "'", map.get(key));
  }

  static Number number(Map<String, Object> map, String key) {
    if (map.get(key) instanceof Number number) {
      return number;
    }
    throw malformed("a number under '" + key + "'", map.get(key));
  }

  private static List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw malformed("a list", value);
  }

  private static Role role(String name) {
    try {
      return Role.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw malformed("a role", name);
    }
  }

  private static Kind kind(Map<String, Object> map) {
    String name = text(map, "kind");
    return switch (name) {
      case "real" -> Kind.REAL;
      case "integer" -> new Kind.IntegerValued();
      case "angle" -> new Kind.Angle();
      case "bounded" ->
          new Kind.Bounded(number(map, "lo").doubleValue(), number(map, "hi").doubleValue());
      case "classes" ->
          new Kind.Classes(list(map.get("values")).stream().map(String::valueOf).toList());
      default -> throw malformed("a kind", name);
    };
  }

  private static ThalwegException malformed(String wanted, Object found) {
    return ThalwegException.data(
        "The model file's manifest should have %s, has '%s'.", wanted, found);
  }
}
