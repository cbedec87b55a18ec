package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the checkout that builds before it runs, with a Maven that only counts. */
class BuildScriptTest {
  private static final long SECONDS = 60;

  @TempDir Path directory;
  private Path root;
  private Path home;

  @BeforeEach
  void checkout() throws IOException {
    root = Files.createDirectory(directory.resolve("check out"));
    home = root.resolve("app/target/thalweg");
    Path real = Path.of(System.getProperty("thalweg.checkout")).resolve("thalweg");
    script(root.resolve("thalweg"), Files.readString(real));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    for (String module : List.of("api", "plugins", "engine-x", "app")) {
      Files.createDirectory(root.resolve(module));
    }
    // Makes a distribution whose command says which build it is of, now and a moment later.
    script(
        directory.resolve("bin/mvn"),
        """
        #!/bin/sh
        for word; do
          case $word in -Ddistribution=*) to=${word#*=} ;; esac
        done
        echo build >>"$COUNT"
        sleep "${BUILD_SECONDS:-0}"
        mkdir -p "$to/bin" "$to/lib" "$to/plugins"
        wc -l <"$COUNT" | tr -d ' ' >"$to/lib/number"
        echo 'Plugins go here.' >"$to/plugins/README.txt"
        cat >"$to/bin/thalweg" <<'END'
        #!/bin/sh
        lib=$(cd "$(dirname "$0")/../lib" && pwd -P)
        echo "first $(cat "$lib/number") $*"
        sleep "${RUN_SECONDS:-0}"
        echo "then $(cat "$lib/number")"
        END
        chmod +x "$to/bin/thalweg"
        """);
  }

  @Test
  void itBuildsOnceAndAgainWhenASourceChanges() throws Exception {
    assertEquals("first 1 a b c\nthen 1\n", ended(start("a b", "c")));
    assertEquals("first 1 \nthen 1\n", ended(start()));
    Path plugin = Files.writeString(home.resolve("plugins/own.jar"), "the user's");
    edit();
    assertEquals("first 2 \nthen 2\n", ended(start()));
    assertTrue(Files.exists(plugin), "a build leaves the user's plugins alone");
    for (int i = 0; i < 3; i++) {
      edit();
      ended(start());
    }
    assertEquals(2, libraries(), "the last build and the one before it are kept");
  }

  @Test
  void twoAtATimeBuildOnce() throws Exception {
    Process one = start("BUILD_SECONDS=2", List.of());
    Process two = start("BUILD_SECONDS=2", List.of());
    assertEquals("first 1 \nthen 1\n", ended(one));
    assertEquals("first 1 \nthen 1\n", ended(two));
    assertTrue(Files.notExists(home.resolve(".lock")));
  }

  @Test
  void theLockOfAProcessThatEndedIsInherited() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Path lock = Files.createDirectories(home.resolve(".lock"));
    Files.writeString(lock.resolve("owner"), gone.pid() + "\n");
    Process one = start("BUILD_SECONDS=1", List.of());
    Process two = start("BUILD_SECONDS=1", List.of());
    assertEquals("first 1 \nthen 1\n", ended(one));
    assertEquals("first 1 \nthen 1\n", ended(two));
    assertTrue(Files.notExists(lock));
  }

  @Test
  void aBuildThatFailsGivesTheLockBack() throws Exception {
    Path maven = directory.resolve("bin/mvn");
    String works = Files.readString(maven);
    script(maven, "#!/bin/sh\nexit 1\n");
    Process failed = start();
    assertTrue(failed.waitFor(SECONDS, TimeUnit.SECONDS));
    assertEquals(2, failed.exitValue());
    assertTrue(Files.notExists(home.resolve(".lock")));
    script(maven, works);
    assertEquals("first 1 \nthen 1\n", ended(start()));
  }

  @Test
  void aCommandThatRunsKeepsItsLibraries() throws Exception {
    Process running = start("RUN_SECONDS=4", List.of());
    while (running.getInputStream().available() == 0) {
      assertTrue(running.isAlive());
      Thread.sleep(20);
    }
    for (int build = 2; build <= 4; build++) {
      edit();
      assertEquals("first %1$d \nthen %1$d\n".formatted(build), ended(start()));
    }
    assertTrue(running.isAlive(), "the builds took longer than the command");
    assertEquals("first 1 \nthen 1\n", ended(running));
  }

  private Process start(String... words) throws IOException {
    return start("BUILD_SECONDS=0", List.of(words));
  }

  private Process start(String variable, List<String> words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(root.resolve("thalweg").toString()), words.stream())
                    .toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    String path = directory.resolve("bin") + ":" + System.getenv("PATH");
    builder.environment().put("PATH", path);
    builder.environment().put("COUNT", directory.resolve("count").toString());
    builder.environment().put(variable.split("=")[0], variable.split("=")[1]);
    return builder.start();
  }

  private static String ended(Process process) throws Exception {
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it does not end");
    String out = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.exitValue(), out);
    return out;
  }

  /** Makes a source newer than the last build. */
  private void edit() throws IOException {
    Path source = root.resolve("api/Source.java");
    Files.writeString(source, "class Source {}");
    Files.setLastModifiedTime(
        home.resolve(".built"), FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
  }

  private long libraries() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(file -> file.getFileName().toString().startsWith("lib-")).count();
    }
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }
}
