package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One source gives one set of jars, wherever and whenever it is built. */
@Tag("acceptance")
class ReproducibleBuildTest {
  private static final Set<String> LEFT_OUT = Set.of("target", ".git", ".idea", "shared");

  @TempDir Path copy;

  @Test
  void aSecondBuildElsewhereGivesTheSameBytes() throws Exception {
    Path checkout = Path.of(System.getProperty("thalweg.checkout"));
    copySources(checkout);
    Process maven =
        new ProcessBuilder("mvn", "-q", "-B", "-DskipTests", "-pl", "app", "-am", "package")
            .directory(copy.toFile())
            .inheritIO()
            .start();
    maven.waitFor(10, TimeUnit.MINUTES);
    assertEquals(0, maven.exitValue());

    Path built = copy.resolve("app/target").resolve(Distribution.home().getFileName());
    for (Path jar : Distribution.ours()) {
      Path again = built.resolve("lib/mods").resolve(jar.getFileName());
      assertEquals(Models.file(jar), Models.file(again), jar.getFileName().toString());
    }
  }

  private void copySources(Path checkout) throws IOException {
    Files.walkFileTree(
        checkout,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (LEFT_OUT.contains(String.valueOf(directory.getFileName()))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(copy.resolve(checkout.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              Files.copy(file, copy.resolve(checkout.relativize(file).toString()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
