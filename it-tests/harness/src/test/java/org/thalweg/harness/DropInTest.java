package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A third party's plugin, dropped into the distribution's plugins/, and plugins that are broken.
 */
class DropInTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"plain,false", "modular,false", "plain,true", "modular,true"})
  void aThirdPartysEstimatorTrainsByName(String form, boolean classPath) throws IOException {
    Path home = ownHome();
    Path dropped = home.resolve("plugins/acme");
    copy(Distribution.thirdPartyPlugin(form), dropped);
    Path data = Tables.pair(directory.resolve("data.csv"), 300);
    Path model = directory.resolve("model.thalweg");
    Path scores = directory.resolve("scores.csv");

    Outcome list = launch(home, classPath).run("list", "estimators").succeeded();
    assertTrue(list.out().contains("acme-flow"), list::toString);
    launch(home, classPath).run(Models.shortFit("acme-flow", data, model)).succeeded();
    String[] score = {
      "score", "--model", model.toString(), "--data", data.toString(), "--out", scores.toString()
    };
    launch(home, classPath).run(score).succeeded();
    assertEquals(301, Files.readAllLines(scores).size());

    Files.delete(scores);
    Trees.delete(dropped);
    launch(home, classPath).run(score).refused(3, "acme-flow", "com.acme.flow", "--plugin-path");
    assertTrue(Files.notExists(scores));
  }

  @Test
  void aPluginDirectoryCanBeNamed() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 10);
    Path plugins = directory.resolve("elsewhere");
    copy(Distribution.thirdPartyPlugin("modular"), plugins.resolve("acme"));

    Outcome list =
        launch(Distribution.home(), false)
            .run("list", "plugins", "--plugin-path", plugins.toString())
            .succeeded();
    assertTrue(list.out().contains("com.acme.flow"), list::toString);
    assertTrue(list.out().contains(plugins.resolve("acme").toString()), list::toString);
    assertTrue(Files.exists(data));
  }

  @Test
  void twoCopiesOfAPluginAreRefusedNamingBoth() throws IOException {
    Path plugins = directory.resolve("plugins");
    copy(Distribution.thirdPartyPlugin("modular"), plugins.resolve("first"));
    copy(Distribution.thirdPartyPlugin("plain"), plugins.resolve("second"));
    expectProblem(plugins, "sinh-arcsinh", plugins + "/first", plugins + "/second");
  }

  @Test
  void aModuleWhoseConstructorThrowsIsReported() throws IOException {
    Path plugins = directory.resolve("plugins");
    PluginJar.constructing("acme.Broken", "throw new IllegalStateException(\"no licence\");")
        .module("acme.broken")
        .build(plugins.resolve("broken.jar"));
    expectProblem(plugins, "broken.jar", "no licence");
  }

  @Test
  void aPluginWhoseOffersThrowIsReported() throws IOException {
    Path plugins = directory.resolve("plugins");
    new PluginJar()
        .plugin(
            "acme.Erring",
            "",
            "@Override public java.util.List<org.thalweg.api.estimator.EstimatorProvider<?>>"
                + " estimators() { throw new Error(\"no licence\"); }")
        .build(plugins.resolve("erring.jar"));
    expectProblem(plugins, "erring.jar", "no licence");
  }

  @Test
  void aModuleThatRequiresOurPartsIsRefused() throws IOException {
    Path plugins = directory.resolve("plugins");
    PluginJar.offering("acme.Fine", "fine")
        .module("acme.fine", "org.thalweg.maf")
        .with(Distribution.module("thalweg-maf-").orElseThrow())
        .build(plugins.resolve("fine.jar"));
    expectProblem(plugins, "fine.jar", "requires org.thalweg.maf");
  }

  @Test
  void aModuleThatRequiresWhatIsMissingIsReported() throws IOException {
    Path plugins = directory.resolve("plugins/acme");
    Path library =
        new PluginJar()
            .source("lib.Version", "package lib; public class Version { }")
            .source("module-info", "module lib { exports lib; }")
            .build(directory.resolve("lib.jar"));
    PluginJar.offering("acme.Fine", "fine")
        .module("acme.fine", "lib")
        .with(library)
        .build(plugins.resolve("fine.jar"));
    expectProblem(plugins.getParent(), "Module lib not found");
    Files.copy(library, plugins.resolve("lib.jar"));
    expectFine(plugins.getParent(), "acme.fine");
  }

  @Test
  void aModuleWithoutServicesBesideALibraryThatIsNoModuleIsRefused() throws IOException {
    Path plugins = directory.resolve("plugins");
    PluginJar.offering("acme.Fine", "fine")
        .module("acme.fine")
        .withoutServices()
        .build(plugins.resolve("acme/fine.jar"));
    expectFine(plugins, "acme.fine");

    new PluginJar()
        .source("lib.Version", "package lib; public class Version { }")
        .build(plugins.resolve("acme/lib.jar"));
    expectProblem(
        plugins,
        "fine.jar provides ThalwegPlugin in its module-info",
        "no META-INF/services/org.thalweg.api.plugin.ThalwegPlugin");
  }

  @Test
  void aModuleThatNeedsMoreOfThePlatformLoads() throws IOException {
    Path plugins = directory.resolve("plugins");
    PluginJar.constructing("acme.Web", "java.net.http.HttpClient.newHttpClient();")
        .module("acme.web", "java.net.http")
        .build(plugins.resolve("web.jar"));
    expectFine(plugins, "acme.web");
  }

  @Test
  void aModuleWithACopyOfTheApiIsRefused() throws IOException {
    Path plugins = directory.resolve("plugins");
    PluginJar.offering("acme.Fine", "fine")
        .module("acme.fine")
        .build(plugins.resolve("acme/fine.jar"));
    Path api = Distribution.module("thalweg-api-").orElseThrow();
    Files.copy(api, plugins.resolve("acme").resolve(api.getFileName()));
    expectProblem(plugins, api.getFileName() + " holds org.thalweg.api", "provided");
  }

  @Test
  void anEmptyDirectoryAndAJarWithoutAPluginAreReported() throws IOException {
    Path plugins = directory.resolve("plugins");
    Files.createDirectories(plugins.resolve("nothing"));
    expectProblem(plugins, plugins.resolve("nothing").toString(), "holds no jar");
    Files.delete(plugins.resolve("nothing"));

    new PluginJar()
        .source("lib.Version", "package lib; public class Version { }")
        .source("module-info", "module lib { exports lib; }")
        .build(plugins.resolve("lib.jar"));
    expectProblem(plugins, "lib.jar", "offers no plugin");
  }

  /** The problem is shown and skipped, or is fatal, as the user wants. */
  private void expectProblem(Path plugins, String... words) {
    String[] list = {"list", "plugins", "--plugin-path", plugins.toString()};
    Outcome lenient = launch(Distribution.home(), false).run(list).succeeded();
    assertTrue(lenient.out().contains("org.thalweg.maf"), lenient::toString);
    for (String word : words) {
      assertTrue((lenient.out() + lenient.err()).contains(word), lenient::toString);
    }
    launch(Distribution.home(), false)
        .run("list", "plugins", "--strict-plugins", "--plugin-path", plugins.toString())
        .refused(2, words);
  }

  private void expectFine(Path plugins, String name) {
    Outcome outcome =
        launch(Distribution.home(), false)
            .run("list", "plugins", "--strict-plugins", "--plugin-path", plugins.toString())
            .succeeded();
    assertTrue(outcome.out().contains(name), outcome::toString);
  }

  private Launch launch(Path home, boolean classPath) {
    Launch launch = Launch.in(directory).of(home);
    return classPath ? launch.onClassPath() : launch;
  }

  /** A distribution with plugins of its own, which shares the libraries of the built one. */
  private Path ownHome() throws IOException {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectory(home.resolve("plugins"));
    Files.copy(
        Distribution.home().resolve("bin/thalweg"),
        home.resolve("bin/thalweg"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(home.resolve("lib"), Distribution.home().resolve("lib"));
    return home;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
