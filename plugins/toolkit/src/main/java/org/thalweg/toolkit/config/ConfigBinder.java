package org.thalweg.toolkit.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;

/**
 * Options of records by key: {@code learningRate} is {@code learning-rate}; the components of a
 * nested record stand beside those of its owner, so no two may have the same name; a {@link Choice}
 * is {@code univariate=NAME} and {@code univariate.bins=16}, and a list of them {@code
 * transforms=actnorm, coupling(hidden=32)}. Records must be public and their packages exported or
 * opened.
 */
public final class ConfigBinder {
  private ConfigBinder() {}

  /**
   * The record with some options changed.
   *
   * @param options values as strings, or as YAML and JSON give them
   * @throws ThalwegException for an unknown key, naming the nearest, and for a value of the wrong
   *     type or out of range
   */
  public static <C extends Record> C bind(C defaults, Map<String, ?> options) {
    SortedMap<String, Object> known = flatten(defaults);
    List<String> choices = choiceKeys(defaults);
    for (String key : options.keySet()) {
      boolean ofChoice = choices.stream().anyMatch(choice -> key.startsWith(choice + "."));
      if (!known.containsKey(key) && !ofChoice) {
        throw Names.unknown("option", key, known.keySet());
      }
    }
    return rebuild(defaults, options);
  }

  /** The options with their values; strings, booleans, numbers and lists of such only. */
  public static SortedMap<String, Object> flatten(Record config) {
    SortedMap<String, Object> out = new TreeMap<>();
    flatten(config, out, new HashMap<>());
    return out;
  }

  private static void flatten(
      Record config, SortedMap<String, Object> out, Map<String, Class<?>> owners) {
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      Object value = read(config, component);
      String key = key(component);
      if (value instanceof Record nested && !(value instanceof Choice)) {
        flatten(nested, out, owners);
        continue;
      }
      Class<?> other = owners.putIfAbsent(key, config.getClass());
      if (other != null) {
        throw ThalwegException.usage(
            "Option '%s' is declared by %s and by %s, whose options stand side by side: rename one.",
            key, other.getName(), config.getClass().getName());
      }
      if (value instanceof Choice choice) {
        out.put(key, choice.name());
        choice.options().forEach((k, v) -> out.put(key + "." + k, v));
      } else {
        out.put(key, plain(value));
      }
    }
  }

  private static Object plain(Object value) {
    if (value instanceof List<?> choices) {
      return Choices.print(choices);
    }
    return value instanceof Enum<?> constant ? label(constant) : value;
  }

  /** The options in the order of their declaration. */
  public static List<OptionInfo> describe(Record defaults) {
    flatten(defaults); // refuses names that are taken twice
    List<OptionInfo> out = new ArrayList<>();
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      Object value = read(defaults, component);
      Option option = component.getAnnotation(Option.class);
      String doc = option == null ? "" : option.value();
      if (value instanceof Choice choice) {
        String more = " (its options: " + key(component) + ".NAME=VALUE)";
        out.add(new OptionInfo(key(component), "a registered name", choice.name(), doc + more));
      } else if (value instanceof Record nested) {
        out.addAll(describe(nested));
      } else {
        out.add(new OptionInfo(key(component), type(component, option), plain(value), doc));
      }
    }
    return out;
  }

  private static <C extends Record> C rebuild(C defaults, Map<String, ?> options) {
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object old = read(defaults, components[i]);
      String key = key(components[i]);
      if (old instanceof Choice choice) {
        values[i] = choice(choice, key, options);
      } else if (old instanceof Record nested) {
        values[i] = rebuild(nested, options);
      } else if (options.containsKey(key)) {
        values[i] = convert(key, components[i], options.get(key));
      } else {
        values[i] = old;
      }
    }
    return construct(defaults, components, values);
  }

  /** Naming another part drops the options of the default one. */
  private static Choice choice(Choice old, String key, Map<String, ?> options) {
    String name = options.containsKey(key) ? String.valueOf(options.get(key)) : old.name();
    Map<String, Object> parts = new TreeMap<>(name.equals(old.name()) ? old.options() : Map.of());
    options.forEach(
        (k, v) -> {
          if (k.startsWith(key + ".")) {
            parts.put(k.substring(key.length() + 1), v);
          }
        });
    return new Choice(name, parts);
  }

  private static Object convert(String key, RecordComponent component, Object given) {
    Class<?> type = component.getType();
    Option option = component.getAnnotation(Option.class);
    String text = String.valueOf(given).trim();
    Object value;
    try {
      value = parse(type, text, given);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw ThalwegException.usage(
          "Option '%s' takes %s, got '%s'.", key, type(component, option), text);
    }
    if (option != null && value instanceof Number number) {
      double x = number.doubleValue();
      if (!(x >= option.min() && x <= option.max())) {
        throw ThalwegException.usage(
            "Option '%s' takes %s, got %s.", key, type(component, option), text);
      }
    }
    return value;
  }

  private static Object parse(Class<?> type, String text, Object given) {
    if (type == int.class) {
      return whole(text).intValueExact();
    } else if (type == long.class) {
      return whole(text).longValueExact();
    } else if (type == double.class) {
      double value = Double.parseDouble(text);
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(text);
      }
      return value;
    } else if (type == boolean.class) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on" -> true;
        case "false", "no", "off" -> false;
        default -> throw new IllegalArgumentException(text);
      };
    } else if (type == String.class) {
      return text;
    } else if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> label((Enum<?>) constant).equals(text.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(text));
    } else if (type == List.class) {
      return Choices.parse(given);
    }
    throw new IllegalStateException("Options of type " + type + " are not supported: " + given);
  }

  /** Takes 1e3 and 1000.0 for 1000, as YAML and people write them. */
  private static BigInteger whole(String text) {
    return new BigDecimal(text).toBigIntegerExact();
  }

  private static String type(RecordComponent component, Option option) {
    Class<?> type = component.getType();
    if (type.isEnum()) {
      return "one of "
          + String.join(
              "|", Arrays.stream(type.getEnumConstants()).map(c -> label((Enum<?>) c)).toList());
    }
    if (type == List.class) {
      return "registered names with options in parentheses, such as NAME, NAME(OPTION=VALUE)";
    }
    boolean whole = type == int.class || type == long.class;
    String word =
        whole
            ? "a whole number"
            : type == double.class
                ? "a number"
                : type == boolean.class ? "true or false" : "a text";
    if (option == null) {
      return word;
    }
    boolean low = option.min() != Double.NEGATIVE_INFINITY;
    boolean high = option.max() != Double.POSITIVE_INFINITY;
    String min = number(option.min(), whole);
    String max = number(option.max(), whole);
    if (low && high) {
      return word + " from " + min + " to " + max;
    }
    return low ? word + " of at least " + min : high ? word + " of at most " + max : word;
  }

  private static String number(double value, boolean whole) {
    return whole ? String.valueOf((long) value) : String.valueOf(value);
  }

  private static List<String> choiceKeys(Record config) {
    List<String> out = new ArrayList<>();
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      Object value = read(config, component);
      if (value instanceof Choice) {
        out.add(key(component));
      } else if (value instanceof Record nested) {
        out.addAll(choiceKeys(nested));
      }
    }
    return out;
  }

  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The value of a component. */
  public static Object read(Record config, RecordComponent component) {
    try {
      return component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw unreachable(config, e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <C extends Record> C construct(
      C defaults, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = defaults.getClass().getDeclaredConstructor(types);
      return (C) constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ThalwegException refused) {
        throw refused;
      }
      throw unreachable(defaults, e);
    } catch (ReflectiveOperationException e) {
      throw unreachable(defaults, e);
    }
  }

  private static IllegalStateException unreachable(Record config, Exception cause) {
    return new IllegalStateException(
        "The options record "
            + config.getClass().getName()
            + " must be public, in a package that its module exports or opens.",
        cause);
  }
}
