package org.thalweg.engine.cpu.torch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.thalweg.api.engine.Availability;

/**
 * The libtorch that a JVM would load, found and checked before any of it is loaded: what DJL is
 * given must be of the version and of the binary interface that its bindings were compiled for, or
 * the process ends with a crash instead of a message.
 *
 * @param problem why it cannot be used, if so
 * @param version the version, as far as it is known
 * @param cuda whether it was built with CUDA
 * @param origin where it comes from, for people
 * @param settings what DJL has to be told about it, as system properties
 */
record Natives(
    Optional<Availability.Unavailable> problem,
    String version,
    boolean cuda,
    String origin,
    Map<String, String> settings) {

  static final String PATH = "PYTORCH_LIBRARY_PATH";
  static final String VERSION = "PYTORCH_VERSION";
  static final String FLAVOUR = "PYTORCH_FLAVOR";

  /** DJL has bindings for two builds of libtorch, this one and {@code cpu}. */
  static final String CUDA = "cu128";

  private static final String CPU = "cpu";

  /**
   * What is asked of the machine.
   *
   * @param setting an environment variable, or the system property of its name
   * @param wanted the version that DJL's bindings were compiled for, such as 2.7.1
   * @param onClassPath the flavour of the natives on the class path, {@code cpu} or {@code cu...}
   * @param driver whether there is a driver of an NVIDIA GPU; without one, a build with CUDA loads
   *     only as one without
   * @param called the names of libtorch's functions and variables that DJL's bindings of a flavour
   *     call; none where they cannot be told
   */
  record Machine(
      Function<String, Optional<String>> setting,
      String wanted,
      Optional<String> onClassPath,
      boolean driver,
      String system,
      String architecture,
      Function<String, Set<String>> called) {}

  /** Finds it as DJL does, and checks it. */
  static Natives find(Machine machine) {
    Optional<String> path = machine.setting.apply(PATH).filter(value -> !value.isBlank());
    if (path.isPresent()) {
      return named(path.get(), machine);
    }
    Optional<String> version = otherVersion(machine);
    if (version.isPresent()) {
      // DJL would look for natives of that version, and download them.
      return refused(version.get(), "unset " + VERSION + ", and start again");
    }
    if (machine.onClassPath.isPresent()) {
      boolean cuda = machine.onClassPath.get().startsWith("cu");
      return new Natives(Optional.empty(), machine.wanted, cuda, "class path", Map.of());
    }
    Optional<String> flavour = machine.setting.apply(FLAVOUR).filter(value -> !value.isBlank());
    if (flavour.isPresent()) {
      Optional<String> other = otherFlavour(machine);
      if (other.isPresent()) {
        return refused(other.get(), "set " + FLAVOUR + " to one of these, and start again");
      }
      // DJL downloads what there is not; that is a wish that a user has to utter.
      return new Natives(
          Optional.empty(),
          machine.wanted,
          flavour.get().startsWith("cu"),
          "downloaded by DJL, as " + FLAVOUR + " is " + flavour.get(),
          Map.of());
    }
    return refused(
        "no libtorch was found",
        "put the jar ai.djl.pytorch:pytorch-native-cpu of this platform on the class path, or set "
            + PATH
            + " to the lib directory of libtorch "
            + machine.wanted
            + ", or set "
            + FLAVOUR
            + "=cpu or "
            + CUDA
            + " to let DJL download it, and start again");
  }

  private static Natives named(String value, Machine machine) {
    String name = System.mapLibraryName("torch");
    String cure =
        "set "
            + PATH
            + " to the lib directory of libtorch "
            + machine.wanted
            + ", or unset it, and start again";
    List<Path> entries;
    try {
      entries =
          Stream.of(value.split(File.pathSeparator))
              .filter(entry -> !entry.isBlank())
              .map(Path::of)
              .toList();
    } catch (InvalidPathException e) {
      return refused(
          "%s is '%s', which is no path here (%s)".formatted(PATH, value, e.getReason()),
          cure + "; where it holds letters beyond ASCII, LC_ALL=C.UTF-8 lets Java read them");
    }
    Optional<Path> directory =
        entries.stream()
            .map(entry -> entry.endsWith(name) ? entry.toAbsolutePath().getParent() : entry)
            .filter(entry -> Files.isRegularFile(entry.resolve(name)))
            .findFirst();
    if (directory.isEmpty()) {
      Optional<Path> below =
          entries.stream()
              .map(entry -> entry.resolve("lib"))
              .filter(lib -> Files.isRegularFile(lib.resolve(name)))
              .findFirst();
      String what =
          below.isPresent()
              ? "has no %s itself, but its directory '%s' does".formatted(name, below.get())
              : entries.stream().anyMatch(Files::exists) ? "holds no " + name : "does not exist";
      return refused(PATH + " is '" + value + "', which " + what, cure);
    }
    NativeDirectory found = new NativeDirectory(directory.get());
    return problem(found, machine)
        .map(
            reason ->
                refused("the libtorch in '" + found.path() + "' does not fit: " + reason, cure))
        .orElseGet(() -> usable(found, machine));
  }

  /** Why a libtorch does not fit, if so. */
  private static Optional<String> problem(NativeDirectory found, Machine machine) {
    List<String> missing = found.missing();
    if (!missing.isEmpty()) {
      return Optional.of("it is not whole, " + String.join(" and ", missing) + " is missing");
    }
    Optional<String> declared = machine.setting.apply(VERSION).filter(value -> !value.isBlank());
    Optional<String> version = found.version().or(() -> declared);
    if (version.isEmpty()) {
      return Optional.of(
          "nothing beside it tells its version, and %s is needed; if it is that, set %s=%s"
              .formatted(machine.wanted, VERSION, machine.wanted));
    }
    if (!NativeDirectory.release(version.get()).equals(machine.wanted)) {
      return Optional.of(
          "it is version %s, and %s is needed".formatted(version.get(), machine.wanted));
    }
    Optional<String> contradiction = otherVersion(machine).or(() -> otherFlavour(machine));
    if (contradiction.isPresent()) {
      return contradiction.map(text -> text + "; unset it");
    }
    Optional<String> foreign = found.foreign(machine.system, machine.architecture);
    return foreign.isPresent() || found.version().isPresent() ? foreign : vouched(found, machine);
  }

  private static Optional<String> otherVersion(Machine machine) {
    return machine
        .setting
        .apply(VERSION)
        .filter(value -> !value.isBlank())
        .filter(value -> !NativeDirectory.release(value).equals(machine.wanted))
        .map(v -> "%s is '%s', and %s is needed".formatted(VERSION, v, machine.wanted));
  }

  private static Optional<String> otherFlavour(Machine machine) {
    return machine
        .setting
        .apply(FLAVOUR)
        .filter(value -> !value.isBlank() && !List.of(CPU, CUDA).contains(value))
        .map(
            value ->
                "%s is '%s', and there are bindings for %s and %s"
                    .formatted(FLAVOUR, value, CPU, CUDA));
  }

  /** Why a libtorch cannot be of the version that only the user says it is, if so. */
  private static Optional<String> vouched(NativeDirectory found, Machine machine) {
    boolean cuda = found.cuda() && machine.driver;
    Set<String> called = machine.called.apply(cuda ? CUDA : CPU);
    Set<String> lacking = found.lacking(called, cuda);
    // A library without a table of symbols tells nothing.
    return lacking.isEmpty() || lacking.size() == called.size()
        ? Optional.empty()
        : Optional.of(
            ("it is of another version than the %s that %s vouches for, as it lacks %d of the %d"
                    + " names that are called in it, such as %s")
                .formatted(
                    machine.wanted,
                    VERSION,
                    lacking.size(),
                    called.size(),
                    lacking.iterator().next()));
  }

  private static Natives usable(NativeDirectory found, Machine machine) {
    // Left to itself, DJL takes a named libtorch for one of another C++ ABI, and finds no bindings.
    Map<String, String> settings = new TreeMap<>();
    boolean cuda = found.cuda() && machine.driver;
    if (machine.setting.apply(VERSION).isEmpty()) {
      settings.put(VERSION, machine.wanted);
    }
    if (machine.setting.apply(FLAVOUR).isEmpty()) {
      settings.put(FLAVOUR, cuda ? CUDA : CPU);
    }
    return new Natives(
        Optional.empty(),
        found.version().orElse(machine.wanted),
        found.cuda(),
        PATH + " '" + found.path() + "'",
        settings);
  }

  private static Natives refused(String reason, String cure) {
    return new Natives(
        Optional.of(new Availability.Unavailable(reason, cure)), "", false, "", Map.of());
  }
}
