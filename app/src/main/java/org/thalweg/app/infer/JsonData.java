package org.thalweg.app.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/**
 * The data of a target as posteriordb publishes it: a JSON object of numbers and of arrays, nested
 * row by row.
 */
final class JsonData {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // To be refused by us, with the value's name.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private JsonData() {}

  /**
   * Reads a file.
   *
   * @return numbers, texts and lists of such by name
   * @throws ThalwegException exit code 2 where it is no such file, or a number is missing or not
   *     finite
   */
  static Map<String, Object> read(Path file) {
    Object content = parse(file);
    if (!(content instanceof Map<?, ?> object)) {
      throw ThalwegException.usage(
          "'%s' is not a JSON object, {\"NAME\": VALUE, ...}; it holds %s.",
          file, content instanceof List<?> ? "an array" : "'" + content + "'");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    object.forEach(
        (name, value) -> {
          require(file, String.valueOf(name), value);
          out.put(String.valueOf(name), value);
        });
    return out;
  }

  private static Object parse(Path file) {
    try {
      return MAPPER.readValue(Files.readString(file), Object.class);
    } catch (NoSuchFileException e) {
      throw ThalwegException.usage("There is no file '%s'.", file);
    } catch (JsonProcessingException e) {
      throw new ThalwegException(
          ExitCode.USAGE,
          "'%s' is not JSON: %s (line %d)."
              .formatted(
                  file,
                  e.getOriginalMessage().lines().findFirst().orElse(""),
                  e.getLocation() == null ? 0 : e.getLocation().getLineNr()),
          e);
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + file + "': " + Reason.of(e) + ".", e);
    }
  }

  private static void require(Path file, String name, Object value) {
    if (value instanceof List<?> items) {
      items.forEach(item -> require(file, name, item));
    } else if (value instanceof Map<?, ?> map) {
      map.values().forEach(item -> require(file, name, item));
    } else if (value == null || value instanceof Double number && !Double.isFinite(number)) {
      throw ThalwegException.usage(
          "'%s' holds '%s' in %s, where data has finite numbers.", file, value, name);
    }
  }
}
