package org.thalweg.engine.cpu.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory of libtorch's libraries, looked at without loading any of them. */
record NativeDirectory(Path path) {
  /** Where distributions of libtorch say their version: the archive, Python's package, CMake. */
  private static final List<String> VERSION_FILES =
      List.of("build-version", "version.py", "share/cmake/Torch/TorchConfigVersion.cmake");

  private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)[-+.\\w]*");

  /**
   * A function of c10 that takes a string of today's C++ library. Builds with the older strings
   * hold the name of today's as well, in what they bring along of the C++ library.
   */
  private static final byte[] TAKES_TODAYS_STRING =
      "torchCheckFailEPKcS2_jRKNSt7__cxx11".getBytes(StandardCharsets.US_ASCII);

  /** What a whole libtorch has; c10 is the smallest, about one megabyte. */
  private static final List<String> ALWAYS = List.of("c10", "torch_cpu", "torch");

  private static final List<String> WITH_CUDA = List.of("c10_cuda", "torch_cuda");

  private static final int AARCH64 = 183;
  private static final int X86_64 = 62;

  /** Libraries that a whole libtorch has and that this one lacks. */
  List<String> missing() {
    return ALWAYS.stream()
        .map(System::mapLibraryName)
        .filter(name -> !Files.isRegularFile(path.resolve(name)))
        .toList();
  }

  /** Whether it was built with CUDA. */
  boolean cuda() {
    return Files.exists(path.resolve(System.mapLibraryName("torch_cuda")));
  }

  /** The version with what follows it, such as {@code 2.7.1+cu128}, where it can be told. */
  Optional<String> version() {
    Stream<String> texts =
        parents()
            .flatMap(parent -> VERSION_FILES.stream().map(parent::resolve))
            .flatMap(NativeDirectory::text);
    // DJL's own cache has it in the directory's name.
    String name = String.valueOf(path.getFileName());
    return Stream.concat(texts, Stream.of(name).filter(n -> n.matches("\\d+\\.\\d+\\.\\d+-.*")))
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(Matcher::group)
        .findFirst();
  }

  /** Without what follows the three numbers. */
  static String release(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() ? matcher.group(1) : version;
  }

  /**
   * Why its binary interface is not the one that DJL's bindings were compiled for; empty where it
   * is, or where this system's libraries do not tell.
   */
  Optional<String> foreign(String system, String architecture) {
    if (!system.startsWith("Linux")) {
      return Optional.empty();
    }
    try {
      int processor = architecture.equals("aarch64") ? AARCH64 : X86_64;
      for (Path library : libraries(true)) {
        Optional<ElfFile> elf = ElfFile.of(library);
        if (elf.isEmpty()) {
          return Optional.of("its %s is no library of Linux".formatted(library.getFileName()));
        }
        if (elf.get().machine() != processor) {
          return Optional.of("it was built for another processor than " + architecture);
        }
        if (!elf.get().whole()) {
          return Optional.of("it is not whole, %s ends too early".formatted(library.getFileName()));
        }
      }
      byte[] core = Files.readAllBytes(libraries(false).get(0));
      return find(core, TAKES_TODAYS_STRING) < 0
          ? Optional.of("it was built with the C++ ABI of before C++11")
          : Optional.empty();
    } catch (IOException | ArithmeticException | IndexOutOfBoundsException e) {
      return Optional.of("it cannot be read (" + e.getMessage() + ")");
    }
  }

  /**
   * Of these names of functions and variables, those that none of its libraries has. The dynamic
   * linker looks for a function only when it is called first, and ends the process without it.
   */
  Set<String> lacking(Set<String> wanted, boolean withCuda) {
    Set<String> out = new TreeSet<>(wanted);
    try {
      for (Path library : libraries(withCuda)) {
        Optional<ElfFile> elf = ElfFile.of(library);
        if (elf.isPresent()) {
          out.removeAll(elf.get().defined());
        }
      }
      return out;
    } catch (IOException | ArithmeticException | IndexOutOfBoundsException e) {
      // What cannot be read tells nothing, as what has no symbols.
      return Set.of();
    }
  }

  private List<Path> libraries(boolean withCuda) {
    return Stream.concat(ALWAYS.stream(), withCuda ? WITH_CUDA.stream() : Stream.empty())
        .map(name -> path.resolve(System.mapLibraryName(name)))
        .filter(Files::isRegularFile)
        .toList();
  }

  /** What the directory lies in, by its name and, where that is a link, by where it leads. */
  private Stream<Path> parents() {
    Path named = path.toAbsolutePath().normalize();
    Stream<Path> real;
    try {
      real = Stream.of(path.toRealPath());
    } catch (IOException e) {
      real = Stream.empty();
    }
    return Stream.concat(Stream.of(named), real).map(Path::getParent).filter(Objects::nonNull);
  }

  private static Stream<String> text(Path file) {
    try {
      return Files.isRegularFile(file) ? Stream.of(Files.readString(file)) : Stream.empty();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static int find(byte[] text, byte[] word) {
    for (int i = 0; i + word.length <= text.length; i++) {
      int k = 0;
      while (k < word.length && text[i + k] == word[k]) {
        k++;
      }
      if (k == word.length) {
        return i;
      }
    }
    return -1;
  }
}
