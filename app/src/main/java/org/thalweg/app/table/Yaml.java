package org.thalweg.app.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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

/** YAML files as maps, never as classes that a file could name. */
public final class Yaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private Yaml() {}

  /**
   * Reads a file whose top is a mapping; an empty file is an empty one.
   *
   * @throws ThalwegException exit code 2 where it is not YAML, or a key is there twice
   */
  public static Map<String, Object> read(Path file) {
    try {
      String text = Files.readString(file);
      Object content = text.isBlank() ? null : MAPPER.readValue(text, Object.class);
      if (content == null) {
        return Map.of();
      }
      if (content instanceof Map<?, ?>) {
        return map(content, file.toString());
      }
      throw ThalwegException.usage(
          "'%s' is not a YAML mapping, lines of KEY: VALUE; it holds %s.",
          file, content instanceof List<?> ? "a list" : "'" + content + "'");
    } catch (NoSuchFileException e) {
      throw ThalwegException.usage("There is no file '%s'.", file);
    } catch (JsonProcessingException e) {
      throw new ThalwegException(
          ExitCode.USAGE,
          "'%s' is not YAML: %s (line %d)."
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

  /** A value that must be a mapping. */
  public static Map<String, Object> map(Object value, String key) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> out = new LinkedHashMap<>();
      map.forEach((k, v) -> out.put(String.valueOf(k), v));
      return out;
    }
    throw ThalwegException.usage("'%s' should be a mapping, is '%s'.", key, value);
  }
}
