package org.thalweg.app.wiring;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.app.Versions;

/**
 * What engines did in earlier measurements, by the shape of the work and by the machine. A file
 * that cannot be read or written is as good as none: it saves seconds and decides nothing.
 */
final class EngineRates {
  /** Names another directory for what can be measured again. */
  static final String CACHE = "THALWEG_CACHE";

  private final Path file;

  EngineRates(Path file) {
    this.file = file;
  }

  /** Where the user's caches are. */
  static EngineRates ofUser() {
    return new EngineRates(file(name -> Optional.ofNullable(System.getenv(name))));
  }

  /** The file that an environment's variables lead to. */
  static Path file(Function<String, Optional<String>> environment) {
    return path(environment, CACHE)
        .or(() -> path(environment, "XDG_CACHE_HOME").map(caches -> caches.resolve("thalweg")))
        // Java's own notion of a home knows nothing of HOME.
        .or(() -> path(environment, "HOME").map(home -> home.resolve(".cache").resolve("thalweg")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "thalweg"))
        .resolve("engines.properties");
  }

  private static Optional<Path> path(
      Function<String, Optional<String>> environment, String variable) {
    try {
      return environment.apply(variable).filter(s -> !s.isBlank()).map(Path::of);
    } catch (InvalidPathException e) {
      // Letters that this locale cannot write.
      return Optional.empty();
    }
  }

  /** Under what rates are kept: the work, the engines as they are here, the machine. */
  static String key(String shape, Settings settings, Iterable<EngineProvider> engines) {
    return key(shape, settings, engines, Versions.all());
  }

  /** The same for work of these versions of libraries. */
  static String key(
      String shape,
      Settings settings,
      Iterable<EngineProvider> engines,
      Map<String, String> versions) {
    StringBuilder text = new StringBuilder(shape).append('\n');
    text.append(settings.engineOptions()).append('\n').append(versions).append('\n');
    for (EngineProvider engine : engines) {
      if (engine.availability() instanceof Availability.Available here) {
        text.append(engine.name()).append(' ').append(here.detail()).append('\n');
      }
    }
    text.append(System.getProperty("os.arch")).append('\n').append(processor()).append(graphics());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rates of a key by engine; empty where nothing is known. */
  Map<String, Double> get(String key) {
    Map<String, Double> out = new TreeMap<>();
    String prefix = key + ".";
    read()
        .forEach(
            (name, value) -> {
              if (name.toString().startsWith(prefix)) {
                number(value.toString())
                    .ifPresent(rate -> out.put(name.toString().substring(prefix.length()), rate));
              }
            });
    return out;
  }

  /** Keeps rates, beside those of other keys. */
  void put(String key, Map<String, Double> rates) {
    Properties all = read();
    rates.forEach((engine, rate) -> all.setProperty(key + "." + engine, rate.toString()));
    try {
      Files.createDirectories(file.getParent());
      Path written = Files.createTempFile(file.getParent(), "engines", ".new");
      try {
        try (Writer out = Files.newBufferedWriter(written)) {
          all.store(out, "Training steps a second, measured by thalweg; may be deleted");
        }
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(written);
      }
    } catch (IOException e) {
      // A home that cannot be written to is measured on each time.
    }
  }

  private Properties read() {
    Properties all = new Properties();
    if (Files.isRegularFile(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        all.load(in);
      } catch (IOException | IllegalArgumentException e) {
        all.clear();
      }
    }
    return all;
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text)).filter(rate -> rate > 0 && !rate.isInfinite());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String processor() {
    return lines(Path.of("/proc/cpuinfo"), "model name").limit(1).collect(Collectors.joining());
  }

  /** The driver and the models of GPUs, where it tells. */
  private static String graphics() {
    Path driver = Path.of("/proc/driver/nvidia");
    StringBuilder text = new StringBuilder();
    lines(driver.resolve("version"), "").forEach(text::append);
    try (Stream<Path> cards = Files.list(driver.resolve("gpus"))) {
      cards.sorted().flatMap(c -> lines(c.resolve("information"), "Model")).forEach(text::append);
    } catch (IOException e) {
      // None.
    }
    return text.toString();
  }

  private static Stream<String> lines(Path path, String start) {
    try {
      return Files.readAllLines(path).stream().filter(line -> line.startsWith(start));
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
