package org.thalweg.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.inject.Module;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.plugins.LoadedPlugins;

/** Runs commands in this JVM, and keeps what they said. */
public final class Cli {
  /** A net that trains in a moment. */
  public static final String[] SMALL = {
    "--set", "epochs=2", "--set", "layers=1", "--set", "hidden=8", "--set", "blocks=1"
  };

  private Cli() {}

  /**
   * What a command left.
   *
   * @param code the exit code
   * @param out standard output
   * @param err standard error
   */
  public record Result(int code, String out, String err) {
    /** Standard output as one JSON object. */
    public Map<String, Object> json() {
      try {
        return new JsonMapper()
            .readValue(out, new TypeReference<LinkedHashMap<String, Object>>() {});
      } catch (JsonProcessingException e) {
        throw new AssertionError("not one JSON object: " + out + err, e);
      }
    }
  }

  /** Runs a command. */
  public static Result run(Object... arguments) {
    return run(new Interruption(), arguments);
  }

  /** Runs a command that may be interrupted. */
  public static Result run(Interruption interruption, Object... arguments) {
    return run(interruption, binder -> {}, arguments);
  }

  /** Runs a command where a plugin is all that there is. */
  public static Result run(Interruption interruption, ThalwegPlugin plugin, Object... arguments) {
    Registry registry =
        Registry.builder().add(plugin, new PluginOrigin("test", "1", "memory")).build();
    LoadedPlugins loaded = new LoadedPlugins(registry, List.of());
    return run(
        interruption, binder -> binder.bind(LoadedPlugins.class).toInstance(loaded), arguments);
  }

  private static Result run(Interruption interruption, Module replaced, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] words =
        Arrays.stream(arguments)
            .flatMap(
                a ->
                    a instanceof Object[] many
                        ? Arrays.stream(many).map(Object::toString)
                        : java.util.stream.Stream.of(a.toString()))
            .toArray(String[]::new);
    int code =
        new App(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                interruption,
                replaced)
            .run(words);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Writes a file. */
  public static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A CSV of two dependent columns a, b and a context c. */
  public static Path correlated(Path file, int rows) {
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder text = new StringBuilder("a,b,c\n");
    for (int i = 0; i < rows; i++) {
      double c = i % 2;
      double a = c + 0.3 * gaussian(random);
      double b = a * a + 0.2 * gaussian(random);
      text.append(a).append(',').append(b).append(',').append((int) c).append('\n');
    }
    return write(file, text.toString());
  }

  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
