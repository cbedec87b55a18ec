package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The distribution starts and does its main job, whichever way it is started. */
class LaunchTest {
  @TempDir Path directory;

  static List<Jdks.Jdk> jdks() {
    return Jdks.supported();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void bothPathsGiveTheSameModel(Jdks.Jdk jdk) throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 300);
    Path onModules = directory.resolve("modules.thalweg");
    Path onClasses = directory.resolve("classes.thalweg");

    Outcome modules = launch(jdk).run(Models.shortFit("nsf-coupling", data, onModules));
    Outcome classes =
        launch(jdk).onClassPath().run(Models.shortFit("nsf-coupling", data, onClasses));

    quiet(modules.succeeded());
    quiet(classes.succeeded());
    assertEquals(Models.weights(onModules), Models.weights(onClasses));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void doctorSaysWhatRuns(Jdks.Jdk jdk) {
    Outcome doctor = launch(jdk).run("doctor").succeeded();
    assertTrue(doctor.out().contains(String.valueOf(jdk.feature())), doctor::toString);
    quiet(doctor);
  }

  @Test
  void aLinkToTheScriptWorksFromAnywhere() throws IOException {
    Path home = Files.createDirectories(directory.resolve("with space"));
    Files.createDirectory(home.resolve("bin"));
    Files.createSymbolicLink(
        home.resolve("bin/thalweg"), Distribution.home().resolve("bin/thalweg"));
    Launch.in(directory).of(home).run("list", "engines").succeeded();
  }

  @Test
  void aMissingOrOldJavaIsNamed() throws IOException {
    Launch.in(directory)
        .with("JAVA_HOME", directory.toString())
        .run("doctor")
        .refused(2, "JAVA_HOME", directory.toString(), "17");

    Path old = Files.createDirectories(directory.resolve("jdk8/bin")).getParent();
    Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 9\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    Launch.in(directory)
        .with("JAVA_HOME", old.toString())
        .run("doctor")
        .refused(2, "1.8.0_402", "17 or later");
  }

  @Test
  void optionsOfTheJvmReachIt() {
    Outcome outcome =
        Launch.in(directory).with("THALWEG_JAVA_OPTS", "-XX:NoSuchOption").run("doctor");
    assertTrue(outcome.err().contains("NoSuchOption"), outcome::toString);
  }

  @Test
  void guiceNeedsNoGeneratedCode() throws IOException {
    // Generated code could hide a package that is not opened to Guice.
    Path data = Tables.pair(directory.resolve("data.csv"), 100);
    Launch.in(directory)
        .with("THALWEG_JAVA_OPTS", "-Dguice_bytecode_gen_option=DISABLED")
        .run(Models.shortFit("nsf-coupling", data, directory.resolve("model.thalweg")))
        .succeeded();
  }

  private Launch launch(Jdks.Jdk jdk) {
    return Launch.in(directory).on(jdk);
  }

  /** The JVM's own warnings are not the user's business. */
  private static void quiet(Outcome outcome) {
    Stream.of("WARNING:", "SLF4J", "sun.misc.Unsafe")
        .forEach(word -> assertTrue(!outcome.err().contains(word), outcome::toString));
  }
}
