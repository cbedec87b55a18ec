package org.thalweg.engine.cpu.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A directory of libtorch's libraries, looked at without loading any of them. */
record NativeDirectory(Path path) {
  /** Where distributions of libtorch say their version: the archive, Python's package, CMake. */
  private static final List<String> VERSION_FILES =
      List.of("build-version", "version.py", "share/cmake/Torch/TorchConfigVersion.cmake");

  private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)[-+.\\w]*");

  /** In the name of any function that takes a string of today's C++ library. */
  private static final byte[] TODAYS_STRING = "__cxx11".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  /** Where an ELF file says what machine it is for. */
  private static final int ELF_MACHINE = 18;

  /** Libraries that a whole libtorch has and that this one lacks. */
  List<String> missing() {
    return Stream.of("torch", "torch_cpu", "c10")
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
    Path parent = path.getParent();
    Stream<String> texts =
        parent == null
            ? Stream.empty()
            : VERSION_FILES.stream().map(parent::resolve).flatMap(NativeDirectory::text);
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
    byte[] core;
    // The smallest of the libraries, about one megabyte.
    try (InputStream in = Files.newInputStream(path.resolve(System.mapLibraryName("c10")))) {
      core = in.readAllBytes();
    } catch (IOException e) {
      return Optional.of("it cannot be read (" + e.getMessage() + ")");
    }
    if (core.length < 64 || find(core, ELF) != 0) {
      return Optional.of("its libc10.so is no library of Linux");
    }
    int machine = ByteBuffer.wrap(core).order(ByteOrder.LITTLE_ENDIAN).getShort(ELF_MACHINE);
    int wanted = architecture.equals("aarch64") ? 183 : 62;
    if (machine != wanted) {
      return Optional.of("it was built for another processor than " + architecture);
    }
    if (find(core, TODAYS_STRING) < 0) {
      return Optional.of("it was built with the C++ ABI of before C++11");
    }
    return Optional.empty();
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
