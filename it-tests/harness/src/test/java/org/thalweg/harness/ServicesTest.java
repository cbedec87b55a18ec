package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a module provides is what its jar names in META-INF/services: the one is ignored on the
 * class path, the other in a module, and every miss is silent.
 */
class ServicesTest {
  static Stream<Path> jars() {
    Path thirdParty = Distribution.thirdPartyPlugin("modular").resolve(acme());
    return Stream.concat(Distribution.ours().stream(), Stream.of(thirdParty));
  }

  @ParameterizedTest
  @MethodSource("jars")
  void providesIsWhatServicesNames(Path jar) throws IOException {
    assertEquals(provided(jar), named(jar));
  }

  @Test
  void everyPluginAndEngineProvidesSomething() throws IOException {
    for (String name :
        Set.of(
            "splines",
            "maf",
            "aem",
            "sre-snpe",
            "deconvolution",
            "dnf",
            "vmonf",
            "vi",
            "engine-cpu",
            "engine-gpu")) {
      Path jar = Distribution.module("thalweg-" + name + "-").orElseThrow();
      assertTrue(!provided(jar).isEmpty(), () -> jar + " provides nothing");
    }
  }

  private static String acme() {
    Path api = Distribution.module("thalweg-api-").orElseThrow().getFileName();
    return api.toString().replace("-api-", "-third-party-plugin-");
  }

  private static Map<String, Set<String>> provided(Path jar) {
    return ModuleFinder.of(jar).findAll().iterator().next().descriptor().provides().stream()
        .collect(
            Collectors.toMap(
                ModuleDescriptor.Provides::service,
                provides -> new TreeSet<>(provides.providers()),
                (one, two) -> one,
                TreeMap::new));
  }

  private static Map<String, Set<String>> named(Path jar) throws IOException {
    String directory = "META-INF/services/";
    Map<String, Set<String>> out = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(e -> !e.isDirectory()).toList()) {
        if (entry.getName().startsWith(directory)) {
          try (BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(file.getInputStream(entry), StandardCharsets.UTF_8))) {
            out.put(
                entry.getName().substring(directory.length()),
                lines
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new)));
          }
        }
      }
    }
    return out;
  }
}
