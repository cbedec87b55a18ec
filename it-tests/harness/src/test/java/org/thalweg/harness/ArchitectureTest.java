package org.thalweg.harness;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Arrows run one way: app to plugins to toolkit to api, and app to engines to api. */
class ArchitectureTest {
  private static final String API = "org.thalweg.api..";
  private static final String TOOLKIT = "org.thalweg.toolkit..";
  private static final String ENGINES = "org.thalweg.engine..";
  private static final String APP = "org.thalweg.app..";

  private static final DescribedPredicate<JavaClass> OURS = resideInAPackage("org.thalweg..");
  private static final DescribedPredicate<JavaClass> PLUGINS =
      OURS.and(DescribedPredicate.not(resideInAnyPackage(API, TOOLKIT, ENGINES, APP)))
          .as("classes of plugins");

  private static final Map<String, Integer> FEWEST_CLASSES =
      Map.ofEntries(
          Map.entry("api", 80),
          Map.entry("toolkit", 50),
          Map.entry("splines", 5),
          Map.entry("maf", 20),
          Map.entry("diffusion", 20),
          Map.entry("aem", 20),
          Map.entry("sre-snpe", 60),
          Map.entry("deconvolution", 25),
          Map.entry("dnf", 18),
          Map.entry("vmonf", 15),
          Map.entry("vi", 50),
          Map.entry("engine-cpu", 8),
          Map.entry("engine-gpu", 2),
          Map.entry("app", 80));

  private static JavaClasses ours;

  @BeforeAll
  static void importJars() {
    ours =
        new ClassFileImporter()
            .importJars(Distribution.ours().stream().map(ArchitectureTest::open).toList());
  }

  @Test
  void noJarIsPassedOver() throws IOException {
    Map<String, Integer> counted = new TreeMap<>();
    for (Path jar : Distribution.ours()) {
      String name = jar.getFileName().toString().replaceAll("^thalweg-|-\\d.*$", "");
      try (JarFile file = open(jar)) {
        counted.put(name, new ClassFileImporter().importJar(file).size());
      }
    }
    assertEquals(FEWEST_CLASSES.keySet(), counted.keySet());
    counted.forEach(
        (name, count) ->
            assertTrue(count >= FEWEST_CLASSES.get(name), () -> name + " has only " + count));
  }

  @Test
  void theApiKnowsNothingElseOfOurs() {
    classes()
        .that()
        .resideInAPackage(API)
        .should()
        .onlyDependOnClassesThat(DescribedPredicate.not(OURS).or(resideInAPackage(API)))
        .check(ours);
  }

  @Test
  void theToolkitKnowsTheApiOnly() {
    classes()
        .that()
        .resideInAPackage(TOOLKIT)
        .should()
        .onlyDependOnClassesThat(DescribedPredicate.not(OURS).or(resideInAnyPackage(API, TOOLKIT)))
        .check(ours);
  }

  @Test
  void enginesKnowTheApiOnly() {
    classes()
        .that()
        .resideInAPackage(ENGINES)
        .should()
        .onlyDependOnClassesThat(DescribedPredicate.not(OURS).or(resideInAnyPackage(API, ENGINES)))
        .check(ours);
  }

  @Test
  void pluginsKnowTheApiAndTheToolkitOnly() {
    noClasses()
        .that(PLUGINS)
        .should()
        .dependOnClassesThat(resideInAnyPackage(ENGINES, APP))
        .check(ours);
  }

  @Test
  void noPluginKnowsAnotherPlugin() {
    slices()
        .matching("org.thalweg.(*)..")
        .namingSlices("$1")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(DescribedPredicate.alwaysTrue(), resideInAnyPackage(API, TOOLKIT))
        .ignoreDependency(resideInAPackage(APP), DescribedPredicate.alwaysTrue())
        .check(ours);
  }

  @Test
  void theAppFindsPluginsAndEnginesAsServices() {
    noClasses()
        .that()
        .resideInAPackage(APP)
        .should()
        .dependOnClassesThat(PLUGINS.or(resideInAPackage(ENGINES)))
        .check(ours);
  }

  @Test
  void onlyEnginesTouchTheGradientsOfDjl() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINES)
        .should()
        .dependOnClassesThat(resideInAnyPackage("ai.djl.training..", "ai.djl.pytorch.."))
        .check(ours);
  }

  /** DJL copies a list of one array, and no gradient passes through the copy. */
  @Test
  void arraysArePutBesideEachOtherByOps() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Ops")
        .should()
        .callMethod(NDArrays.class, "concat", NDList.class)
        .orShould()
        .callMethod(NDArrays.class, "concat", NDList.class, int.class)
        .check(ours);
  }

  @Test
  void nothingIsReadByJavaSerialisation() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(ours);
  }

  private static JarFile open(Path jar) {
    try {
      return new JarFile(jar.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
