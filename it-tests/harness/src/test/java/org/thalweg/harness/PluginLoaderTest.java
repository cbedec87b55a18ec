package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.app.plugins.LoadedPlugins;
import org.thalweg.app.plugins.PluginLoader;

/** Plugin directories where the application runs on the class path, as it does here. */
class PluginLoaderTest {
  @TempDir Path plugins;

  private int builtIn;

  @BeforeEach
  void countBuiltIn() {
    LoadedPlugins alone = PluginLoader.load(List.of(), true);
    builtIn = alone.registry().plugins().size();
    assertEquals(List.of(), alone.problems());
  }

  @Test
  void aJarIsAPlugin() throws IOException {
    Path jar = PluginJar.offering("acme.Plain", "plain").build(plugins.resolve("acme-1.2.jar"));
    LoadedPlugins loaded = PluginLoader.load(List.of(plugins), true);

    Registry.Entry entry = loaded.registry().entry(Registry.Kind.UNIVARIATE, "plain");
    assertEquals(new PluginOrigin("acme", "1.2", jar.toString()), entry.origin());
    assertEquals(builtIn + 1, loaded.registry().plugins().size());
  }

  @Test
  void aDirectoryOfModulesIsAPluginOnTheClassPathToo() throws IOException {
    PluginJar.offering("acme.Modular", "modular")
        .module("acme.modular")
        .build(plugins.resolve("acme/any.jar"));
    LoadedPlugins loaded = PluginLoader.load(List.of(plugins), true);

    PluginOrigin origin = loaded.registry().entry(Registry.Kind.UNIVARIATE, "modular").origin();
    assertEquals("acme.modular", origin.name());
    assertEquals(plugins.resolve("acme").toString(), origin.location());
  }

  @Test
  void aModuleWithoutServicesIsRefusedOnTheClassPath() throws IOException {
    Path jar =
        PluginJar.offering("acme.Modular", "modular")
            .module("acme.modular")
            .withoutServices()
            .build(plugins.resolve("any.jar"));
    expectProblem(jar, "any.jar provides ThalwegPlugin in its module-info", "META-INF/services");
  }

  @Test
  void aPluginSeesOurApiButNothingElseOfOurs() throws Exception {
    PluginJar.offering("acme.Plain", "plain").build(plugins.resolve("acme.jar"));
    LoadedPlugins loaded = PluginLoader.load(List.of(plugins), true);
    ClassLoader loader = loaded.registry().univariate("plain").getClass().getClassLoader();

    assertSame(ThalwegPlugin.class, loader.loadClass(ThalwegPlugin.class.getName()));
    assertSame(
        ai.djl.ndarray.NDArray.class, loader.loadClass(ai.djl.ndarray.NDArray.class.getName()));
    assertThrows(
        ClassNotFoundException.class, () -> loader.loadClass("com.google.common.base.Joiner"));
    assertThrows(
        ClassNotFoundException.class, () -> loader.loadClass(PluginLoader.class.getName()));
  }

  @Test
  void twoPluginsMayHoldTheSameClass() throws Exception {
    for (String name : List.of("one", "two")) {
      PluginJar.offering("acme.Plugin", name)
          .source("lib.Version", "package lib; public class Version { }")
          .build(plugins.resolve(name + "/plugin.jar"));
    }
    Registry registry = PluginLoader.load(List.of(plugins), true).registry();

    ClassLoader one = registry.univariate("one").getClass().getClassLoader();
    ClassLoader two = registry.univariate("two").getClass().getClassLoader();
    assertNotSame(one.loadClass("lib.Version"), two.loadClass("lib.Version"));
  }

  @Test
  void aConstructorThatThrowsIsReportedAndTheOthersLoad() throws IOException {
    PluginJar.constructing("acme.Broken", "throw new IllegalStateException(\"no licence\");")
        .build(plugins.resolve("a-broken.jar"));
    PluginJar.offering("acme.Fine", "fine").build(plugins.resolve("b-fine.jar"));

    Registry registry = expectProblem(plugins.resolve("a-broken.jar"), "acme.Broken", "no licence");
    assertTrue(registry.all(Registry.Kind.UNIVARIATE).containsKey("fine"));
  }

  @Test
  void ofTwoThatOfferOneNameTheLaterIsRefusedWithBothOrigins() throws IOException {
    PluginJar.offering("acme.First", "same").build(plugins.resolve("a.jar"));
    Path later = PluginJar.offering("acme.Second", "same").build(plugins.resolve("b.jar"));

    Registry registry =
        expectProblem(later, "univariate 'same'", plugins.resolve("a.jar").toString());
    assertEquals("a", registry.entry(Registry.Kind.UNIVARIATE, "same").origin().name());
  }

  @Test
  void aPluginIsSkippedAsAWhole() throws IOException {
    PluginJar.offering("acme.First", "same").build(plugins.resolve("a.jar"));
    PluginJar.offering("acme.Alpha", "other")
        .plugin("acme.Beta", "", PluginSources.univariates("same"))
        .build(plugins.resolve("b.jar"));

    Registry registry = expectProblem(plugins.resolve("b.jar"), "'same'");
    assertFalse(registry.all(Registry.Kind.UNIVARIATE).containsKey("other"));
  }

  @Test
  void aCopyOfASharedPackageIsRefusedByName() throws IOException {
    for (String shared :
        List.of("org.thalweg.api.plugin", "org.thalweg.toolkit.nets", "ai.djl", "org.slf4j")) {
      Path directory = Files.createDirectory(plugins.resolve(shared));
      PluginJar.offering("acme.Fine", "fine").build(directory.resolve("fine.jar"));
      new PluginJar()
          .source(shared + ".Copy", "package " + shared + "; class Copy { }")
          .build(directory.resolve("copy.jar"));
      expectProblem(directory, "copy.jar holds", shared.startsWith("ai") ? "ai.djl" : "org.");
      Trees.delete(directory);
    }
  }

  @Test
  void aPackageThatOnlyBeginsLikeASharedOneIsNoCopy() throws IOException {
    PluginJar.offering("acme.Fine", "fine")
        .source("org.thalweg.apiary.Bee", "package org.thalweg.apiary; class Bee { }")
        .build(plugins.resolve("fine.jar"));
    assertEquals(List.of(), PluginLoader.load(List.of(plugins), true).problems());
  }

  @Test
  void whatHoldsNoPluginIsReported() throws IOException {
    Path empty = Files.createDirectory(plugins.resolve("empty"));
    expectProblem(empty, "holds no jar");
    Files.delete(empty);

    Path library =
        new PluginJar()
            .source("lib.Version", "package lib; public class Version { }")
            .build(plugins.resolve("library.jar"));
    expectProblem(library, "offers no plugin", "META-INF/services");
    Files.delete(library);

    Path missing = new PluginJar().provider("acme.Gone").build(plugins.resolve("gone.jar"));
    expectProblem(missing, "acme.Gone", "not found");
    Files.delete(missing);

    Path noJar = Files.writeString(plugins.resolve("text.jar"), "not a jar");
    expectProblem(noJar, "cannot be read as a jar");
    Files.delete(noJar);

    expectProblem(plugins, "is empty");
    expectProblem(plugins.resolve("nowhere"), List.of(plugins.resolve("nowhere")), "no such");
  }

  @Test
  void otherFilesArePassedOver() throws IOException {
    Files.writeString(plugins.resolve("README.txt"), "Plugins go here.");
    Files.createDirectory(plugins.resolve(".cache"));
    assertEquals(List.of(), PluginLoader.load(List.of(plugins), true).problems());
  }

  private Registry expectProblem(Path location, String... words) {
    return expectProblem(location, List.of(plugins), words);
  }

  /** Requires one problem, at a location, and that strictness makes it fatal. */
  private Registry expectProblem(Path location, List<Path> directories, String... words) {
    LoadedPlugins loaded = PluginLoader.load(directories, false);
    assertEquals(1, loaded.problems().size(), () -> loaded.problems().toString());
    assertEquals(location.toString(), loaded.problems().get(0).location());
    for (String word : words) {
      String message = loaded.problems().get(0).message();
      assertTrue(message.contains(word), () -> "no '" + word + "' in: " + message);
    }
    ThalwegException fatal =
        assertThrows(ThalwegException.class, () -> PluginLoader.load(directories, true));
    assertEquals(ExitCode.USAGE, fatal.exitCode());
    assertTrue(fatal.getMessage().contains(location.toString()), fatal::getMessage);
    return loaded.registry();
  }
}
