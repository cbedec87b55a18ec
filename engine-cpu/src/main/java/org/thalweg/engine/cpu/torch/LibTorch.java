package org.thalweg.engine.cpu.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.pytorch.engine.PtEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** The one libtorch that this JVM can hold: whether it is there, of which flavour, and loading. */
public final class LibTorch {
  private static final String NATIVES = "native/lib/pytorch.properties";
  private static final String BINDINGS = "jnilib/pytorch.properties";

  /** How C++ writes what lies in one of libtorch's name spaces, at, c10, torch or caffe2. */
  private static final Pattern OF_LIBTORCH =
      Pattern.compile("^_Z(T[HIVSW])?N?K?(2at|3c10|5torch|6caffe2)");

  private LibTorch() {}

  /** What would be loaded, as the environment is now; loads nothing. */
  private static Natives natives() {
    return Natives.find(
        new Natives.Machine(
            LibTorch::setting,
            wanted(),
            flavour(),
            hasDriver(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            LibTorch::called));
  }

  /** What DJL's bindings of a flavour call in libtorch; empty where that cannot be told. */
  static Set<String> called(String flavour) {
    String processor = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    String name = "jnilib/linux-%s/%s/libdjl_torch.so".formatted(processor, flavour);
    try (InputStream in = LibTorch.class.getClassLoader().getResourceAsStream(name)) {
      Set<String> names = new TreeSet<>();
      if (in != null) {
        ElfFile.of(in.readAllBytes()).orElseThrow().needed().stream()
            .filter(symbol -> OF_LIBTORCH.matcher(symbol).find())
            .forEach(names::add);
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why there is no libtorch that can be loaded, if so. */
  public static Optional<Availability.Unavailable> problem() {
    return natives().problem();
  }

  /** The version and the origin of the libtorch that would be loaded, for people. */
  public static String detail() {
    Natives natives = natives();
    return "libtorch %s, %s".formatted(natives.version(), natives.origin());
  }

  /** The version that DJL's bindings were compiled for. */
  public static String wanted() {
    return properties(LibTorch.class.getClassLoader().getResource(BINDINGS))
        .getProperty("jni_version", "unknown")
        .split("-")[0];
  }

  /** Whether the libtorch that would be loaded was built with CUDA; does not load it. */
  public static boolean cuda() {
    return natives().cuda();
  }

  /** Whether there is a driver of an NVIDIA GPU. */
  public static boolean hasDriver() {
    // Linux, containers with the device alone, Windows' Linux subsystem, Windows.
    return Stream.of(
            "/proc/driver/nvidia/version",
            "/dev/nvidiactl",
            "/usr/lib/wsl/lib/libcuda.so.1",
            "C:\\Windows\\System32\\nvcuda.dll")
        .anyMatch(file -> Files.exists(Path.of(file)));
  }

  /**
   * Loads libtorch, once.
   *
   * @throws ThalwegException exit code 4, where that fails
   */
  static Engine load() {
    Natives natives = natives();
    natives
        .problem()
        .ifPresent(
            no -> {
              throw refusal(no.reason(), no.cure());
            });
    natives.settings().forEach(System::setProperty);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for its engines and natives through the context class loader, the first time only.
    thread.setContextClassLoader(LibTorch.class.getClassLoader());
    try {
      return Engine.getEngine(PtEngine.ENGINE_NAME);
    } catch (EngineException | IllegalArgumentException | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      ThalwegException refusal =
          refusal(
              "libtorch %s (%s) could not be loaded: %s"
                  .formatted(natives.version(), natives.origin(), said(cause)),
              cure(cause));
      refusal.initCause(e);
      throw refusal;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** What was thrown, in words; the message of a network is the name of a host. */
  private static String said(Throwable cause) {
    return cause instanceof IOException
        ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
        : cause.getMessage();
  }

  /** What to do about a libtorch that was not downloaded, or about what the linker said of it. */
  static String cure(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    String other = "take another libtorch " + wanted() + " with " + Natives.PATH;
    if (cause instanceof IOException && !ofNetwork(cause)) {
      return "let DJL_CACHE_DIR name a directory with room, readable and writable, for libraries to"
          + " be unpacked in, or "
          + other;
    }
    if (cause instanceof IOException) {
      return "DJL needs the internet for what it downloads; without it put the jar"
          + " ai.djl.pytorch:pytorch-native-cpu of this platform on the class path, or "
          + other;
    }
    if (said.contains("undefined symbol")) {
      return "it is of another version than " + wanted() + "; " + other;
    }
    if (said.contains("cannot open shared object file")) {
      return "install the library that is missing (a Python environment's libtorch needs the"
          + " packages that its torch requires), or "
          + other;
    }
    return "remove what the message is about, or " + other;
  }

  private static boolean ofNetwork(Throwable cause) {
    return Stream.of(
            UnknownHostException.class,
            SocketException.class,
            SocketTimeoutException.class,
            SSLException.class)
        .anyMatch(each -> each.isInstance(cause));
  }

  private static ThalwegException refusal(String reason, String cure) {
    return new ThalwegException(
        ExitCode.ENGINE, "There is no libtorch: " + reason + ". Cure: " + cure + ".");
  }

  /** Loads libtorch and says how many GPUs it can compute on. */
  public static int gpus() {
    Engine engine = load();
    return engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
  }

  /** As DJL reads it. */
  private static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv(name))
        .or(() -> Optional.ofNullable(System.getProperty(name)));
  }

  /** The flavour of the natives on the class path, CUDA first, as DJL prefers it. */
  private static Optional<String> flavour() {
    try {
      List<URL> jars = Collections.list(LibTorch.class.getClassLoader().getResources(NATIVES));
      return jars.stream()
          .map(url -> properties(url).getProperty("flavor", "cpu").toLowerCase(Locale.ROOT))
          .max((a, b) -> Boolean.compare(a.startsWith("cu"), b.startsWith("cu")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Properties properties(URL url) {
    Properties properties = new Properties();
    if (url != null) {
      try (InputStream in = url.openStream()) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return properties;
  }
}
