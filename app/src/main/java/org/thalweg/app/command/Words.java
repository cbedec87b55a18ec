package org.thalweg.app.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;

/** Values of options that are more than a word. */
final class Words {
  private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([smh]?)");

  private Words() {}

  /** Names between commas; a name with a comma stands in double quotes. */
  static List<String> list(String option, String text) {
    List<String> out = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    for (char c : (text + ",").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        out.add(name.toString().strip());
        name.setLength(0);
      } else {
        name.append(c);
      }
    }
    if (quoted || out.stream().anyMatch(String::isEmpty)) {
      throw ThalwegException.usage("%s takes names between commas, got '%s'.", option, text);
    }
    return List.copyOf(out);
  }

  /** Three fractions between commas, of random rows or of rows in their order. */
  static Split split(String text, Split.Order order) {
    double[] parts;
    try {
      parts = Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      parts = new double[0];
    }
    if (parts.length != 3) {
      throw ThalwegException.usage(
          "--split takes three fractions between commas, such as 0.8,0.1,0.1; got '%s'.", text);
    }
    return new Split(parts[0], parts[1], parts[2], order);
  }

  /** A time in seconds, or with one of s, m, h. */
  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw ThalwegException.usage(
          "--time-limit takes a time such as 90s, 10m or 2h, got '%s'.", text);
    }
    double unit =
        switch (matcher.group(2)) {
          case "m" -> 60;
          case "h" -> 3600;
          default -> 1;
        };
    return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit * 1000));
  }
}
