package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user has is never lost to a run that fails, and a run that fails leaves nothing behind.
 */
class OutputTest {
  @TempDir Path directory;

  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    data = Tables.pair(directory.resolve("data.csv"), 300);
  }

  @Test
  void aFullDiskLosesNoModel() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Path model = disk.resolve("model.thalweg");
    onFullDisk(disk, "model.thalweg", Models.shortFit("nsf-coupling", data, model));
  }

  @Test
  void aFullDiskLosesNoTable() throws IOException {
    Path model = directory.resolve("model.thalweg");
    launch().run(Models.shortFit("nsf-coupling", data, model)).succeeded();
    Path disk = Files.createDirectory(directory.resolve("disk"));
    for (String name : List.of("out.csv", "out.parquet", "out.npy")) {
      String out = disk.resolve(name).toString();
      onFullDisk(disk, name, "sample", "--model", model.toString(), "-n", "20000", "--out", out);
    }
  }

  @Test
  void aFullDiskLosesNoReport() throws IOException {
    Path model = directory.resolve("model.thalweg");
    launch().run(Models.shortFit("nsf-coupling", data, model)).succeeded();
    Path disk = Files.createDirectory(directory.resolve("disk"));
    String[] report = {
      "report", "--model", model.toString(), "--data", data.toString(), "--out", disk.toString()
    };
    // The first file that does not fit is one of the pictures.
    failsOnFullDisk(disk, "report.html", report).refused(2, disk.toString(), ".png");
  }

  @Test
  void aRefusedTableLosesNoModel() throws IOException {
    Path model = directory.resolve("model.thalweg");
    launch().run(Models.shortFit("nsf-coupling", data, model)).succeeded();
    String before = Models.file(model);
    Path bad = Tables.lines(directory.resolve("bad.csv"), "a,b", "1,x", "2,y");
    launch().run(Models.shortFit("nsf-coupling", bad, model)).refused(2, "bad.csv");
    assertEquals(before, Models.file(model));
  }

  @Test
  void aModelIsNotWrittenOverAnythingElse() throws IOException {
    String table = Files.readString(data);
    launch().run(Models.shortFit("nsf-coupling", data, data)).refused(2, "data.csv", "input");
    assertEquals(table, Files.readString(data));
    Path notes = Files.writeString(directory.resolve("notes.txt"), "mine");
    launch()
        .run(Models.shortFit("nsf-coupling", data, notes))
        .refused(2, "notes.txt", "no intact model");
    assertEquals("mine", Files.readString(notes));
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
    Path missing = directory.resolve("no/such/place/model.thalweg");
    Outcome outcome =
        launch().run(Models.fit("nsf-coupling", data, missing)).refused(2, missing.toString());
    assertFalse(outcome.err().contains("Training"), "no work is done in vain");
  }

  @Test
  void aReadOnlyDirectoryIsRefusedBeforeTheWork() throws IOException {
    Path readOnly = Files.createDirectory(directory.resolve("read-only"));
    Launch launch = launch();
    if (canMount()) {
      // Root may write to any directory, but not to a disk that is mounted read-only.
      String script = "mount -t tmpfs -o ro none '" + readOnly + "' || exit 99; exec \"$@\"";
      launch.through("unshare", "-Urm", "sh", "-c", script, "sh");
    } else {
      assertTrue(readOnly.toFile().setWritable(false));
      assumeFalse(Files.isWritable(readOnly), "root may write everywhere");
    }
    Path model = readOnly.resolve("model.thalweg");
    Outcome outcome =
        launch.run(Models.fit("nsf-coupling", data, model)).refused(2, model.toString());
    assertFalse(outcome.err().contains("Training"), "no work is done in vain");
  }

  @Test
  void aPlaceThatNobodyCanWriteToIsRefused() {
    // /proc is read-only even for root.
    Path model = Path.of("/proc/model.thalweg");
    assumeFalse(Files.notExists(Path.of("/proc/self")), "there is no /proc here");
    Outcome outcome =
        launch()
            .run(Models.shortFit("nsf-coupling", data, model))
            .refused(2, "'/proc/model.thalweg'");
    assertFalse(outcome.err().contains(".part"), outcome::toString);
    assertFalse(outcome.err().contains("java."), outcome::toString);
  }

  @Test
  void aTemporaryDirectoryThatIsFullOrMissingIsNamed() throws IOException {
    Path missing = directory.resolve("missing");
    Path model = directory.resolve("model.thalweg");
    String[] fit = Models.shortFit("nsf-coupling", data, model);
    launch()
        .with("THALWEG_JAVA_OPTS", "-Djava.io.tmpdir=" + missing)
        .run(fit)
        .refused(2, missing.toString(), "no such file", "-Djava.io.tmpdir=DIR");

    assumeTrue(canMount(), "this system lets nobody mount a small disk: no test of a full one");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    String script = "mount -t tmpfs -o size=64k none '" + disk + "' || exit 99; exec \"$@\"";
    Outcome full =
        launch()
            .with("THALWEG_JAVA_OPTS", "-Djava.io.tmpdir=" + disk)
            .through("unshare", "-Urm", "sh", "-c", script, "sh")
            .run(fit)
            .refused(2, disk.toString(), "DuckDB", "-Djava.io.tmpdir=DIR");
    assertFalse(full.err().contains("com.google"), full::toString);
    assertTrue(Files.notExists(model));
  }

  /**
   * Runs a command that writes a file on a disk of 64 KiB where there is an earlier one of that
   * name: it fails, names the file, and the earlier one is all that is there.
   */
  private void onFullDisk(Path disk, String name, String... command) throws IOException {
    failsOnFullDisk(disk, name, command).refused(2, disk.resolve(name).toString());
  }

  private Outcome failsOnFullDisk(Path disk, String name, String... command) throws IOException {
    assumeTrue(canMount(), "this system lets nobody mount a small disk: no test of a full one");
    String script =
        """
        mount -t tmpfs -o size=64k none '%1$s' || exit 99
        echo 'an earlier one' > '%1$s/%2$s'
        "$@" >&2
        code=$?
        ls -A '%1$s'
        cat '%1$s/%2$s'
        exit $code
        """
            .formatted(disk, name);
    Outcome outcome = launch().through("unshare", "-Urm", "sh", "-c", script, "sh").run(command);
    assertEquals(name + "\nan earlier one\n", outcome.out(), outcome::toString);
    return outcome;
  }

  private static boolean canMount() throws IOException {
    try {
      return new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt")
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private Launch launch() {
    return Launch.in(directory);
  }
}
