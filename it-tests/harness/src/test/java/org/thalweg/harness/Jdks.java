package org.thalweg.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The JDKs of this machine: those of the path list {@code THALWEG_JDKS}, the one that runs the
 * tests, and those where systems and version managers put them.
 */
final class Jdks {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?(\\d+)");

  private Jdks() {}

  /**
   * A JDK.
   *
   * @param feature its version, such as 17
   * @param home its directory
   */
  record Jdk(int feature, Path home) {
    @Override
    public String toString() {
      return "JDK " + feature;
    }
  }

  /** JDK 17 and the newest long-term release, as far as they are there. */
  static List<Jdk> supported() {
    List<Jdk> all = all();
    List<Jdk> out = new ArrayList<>(all.stream().filter(jdk -> jdk.feature == 17).toList());
    all.stream()
        .filter(jdk -> jdk.feature > 17 && (jdk.feature - 17) % 4 == 0)
        .max(Comparator.comparingInt(Jdk::feature))
        .ifPresent(out::add);
    if (out.size() < 2) {
      System.err.println(
          "Only "
              + out
              + " of JDK 17 and the newest LTS is here; the launch on the other is not tested."
              + " Name its directory in THALWEG_JDKS.");
    }
    return out.isEmpty() ? all : out;
  }

  private static List<Jdk> all() {
    List<Path> homes = new ArrayList<>();
    String named = System.getenv().getOrDefault("THALWEG_JDKS", "");
    for (String home : named.split(java.io.File.pathSeparator)) {
      if (!home.isBlank()) {
        homes.add(Path.of(home));
      }
    }
    homes.add(Path.of(System.getProperty("java.home")));
    Path user = Path.of(System.getProperty("user.home"));
    for (Path parent :
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/opt"),
            user.resolve(".sdkman/candidates/java"),
            user.resolve(".jdks"))) {
      homes.addAll(children(parent));
    }
    Map<Integer, Jdk> byVersion = new TreeMap<>();
    for (Path home : homes) {
      if (Files.isExecutable(home.resolve("bin/java"))) {
        int feature = feature(home);
        byVersion.putIfAbsent(feature, new Jdk(feature, home));
      }
    }
    return List.copyOf(byVersion.values());
  }

  private static List<Path> children(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static int feature(Path home) {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
