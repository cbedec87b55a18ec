package org.thalweg.engine.cpu.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtEngine;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** The one libtorch that this JVM can hold: whether it is there, of which flavour, and loading. */
public final class LibTorch {
  /** No libtorch can be found. */
  public static final Availability.Unavailable ABSENT =
      new Availability.Unavailable(
          "no libtorch was found",
          "put the jar ai.djl.pytorch:pytorch-native-cpu of this platform on the class path, or set"
              + " PYTORCH_LIBRARY_PATH to the lib directory of libtorch 2.7.1, and start again");

  private static final String NATIVES = "native/lib/pytorch.properties";

  private LibTorch() {}

  /** Whether a libtorch is on the class path or named by {@code PYTORCH_LIBRARY_PATH}. */
  public static boolean present() {
    return !overrides().isEmpty() || flavour().isPresent();
  }

  /** Whether the libtorch that would be loaded was built with CUDA; does not load it. */
  public static boolean cuda() {
    List<Path> overrides = overrides();
    if (!overrides.isEmpty()) {
      return Files.exists(overrides.get(0).resolve(System.mapLibraryName("torch_cuda")));
    }
    return flavour().map(name -> name.startsWith("cu")).orElse(false);
  }

  /**
   * Loads libtorch, once.
   *
   * @throws ThalwegException exit code 4, where that fails
   */
  static Engine load() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for its engines and natives through the context class loader, the first time only.
    thread.setContextClassLoader(LibTorch.class.getClassLoader());
    try {
      return Engine.getEngine(PtEngine.ENGINE_NAME);
    } catch (EngineException | IllegalArgumentException | LinkageError e) {
      throw new ThalwegException(
          ExitCode.ENGINE,
          "libtorch could not be loaded: " + e.getMessage() + ". Cure: " + ABSENT.cure() + ".",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Loads libtorch and says whether it can compute on a GPU. */
  public static boolean loadsCuda() {
    Engine engine = load();
    return engine.hasCapability(StandardCapabilities.CUDA) && engine.getGpuCount() > 0;
  }

  private static List<Path> overrides() {
    String path =
        Optional.ofNullable(System.getenv("PYTORCH_LIBRARY_PATH"))
            .orElse(System.getProperty("PYTORCH_LIBRARY_PATH", ""));
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isBlank())
        .map(Path::of)
        .map(entry -> Files.isDirectory(entry) ? entry : entry.toAbsolutePath().getParent())
        .filter(entry -> Files.exists(entry.resolve(System.mapLibraryName("torch"))))
        .toList();
  }

  /** The flavour of the natives on the class path, CUDA first, as DJL prefers it. */
  private static Optional<String> flavour() {
    try {
      List<URL> jars = Collections.list(LibTorch.class.getClassLoader().getResources(NATIVES));
      return jars.stream()
          .map(LibTorch::flavour)
          .max((a, b) -> Boolean.compare(a.startsWith("cu"), b.startsWith("cu")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String flavour(URL natives) {
    Properties properties = new Properties();
    try (InputStream in = natives.openStream()) {
      properties.load(in);
    } catch (IOException e) {
      return "unreadable";
    }
    return properties.getProperty("flavor", "cpu").toLowerCase(Locale.ROOT);
  }
}
