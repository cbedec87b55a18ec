package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The descriptors of our modules, as agreed: a change of what a module requires or shows is seen in
 * review. {@code -Dthalweg.descriptors=write} writes the files anew.
 */
class DescriptorTest {
  private static final boolean WRITE = "write".equals(System.getProperty("thalweg.descriptors"));

  static Collection<Path> jars() {
    return Distribution.ours();
  }

  @ParameterizedTest
  @MethodSource("jars")
  void descriptorsAreAsAgreed(Path jar) throws IOException {
    ModuleDescriptor descriptor = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
    String actual = String.join("\n", lines(descriptor)) + "\n";
    String file = descriptor.name() + ".txt";
    if (WRITE) {
      Path directory = Path.of("src/test/resources/org/thalweg/harness/descriptors");
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(file), actual);
      return;
    }
    try (InputStream golden = DescriptorTest.class.getResourceAsStream("descriptors/" + file)) {
      String agreed =
          golden == null ? "" : new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(agreed, actual, descriptor.name());
    }
  }

  @Test
  void thereIsOneDescriptorForEachModule() {
    Set<String> names =
        Distribution.ours().stream()
            .map(jar -> ModuleFinder.of(jar).findAll().iterator().next().descriptor().name())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        Set.of(
            "org.thalweg.api",
            "org.thalweg.toolkit",
            "org.thalweg.splines",
            "org.thalweg.maf",
            "org.thalweg.diffusion",
            "org.thalweg.aem",
            "org.thalweg.sbi",
            "org.thalweg.deconvolution",
            "org.thalweg.dnf",
            "org.thalweg.vmonf",
            "org.thalweg.vi",
            "org.thalweg.engine.cpu",
            "org.thalweg.engine.gpu",
            "org.thalweg.app"),
        names);
  }

  private static Collection<String> lines(ModuleDescriptor descriptor) {
    Set<String> lines = new TreeSet<>();
    for (ModuleDescriptor.Requires requires : descriptor.requires()) {
      if (!requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.MANDATED)) {
        lines.add("requires " + modifiers(requires.modifiers()) + requires.name());
      }
    }
    descriptor.exports().forEach(e -> lines.add("exports " + e.source() + to(e.targets())));
    descriptor.opens().forEach(o -> lines.add("opens " + o.source() + to(o.targets())));
    descriptor.uses().forEach(service -> lines.add("uses " + service));
    descriptor
        .provides()
        .forEach(p -> lines.add("provides " + p.service() + " with " + sorted(p.providers())));
    return lines;
  }

  private static String modifiers(Set<ModuleDescriptor.Requires.Modifier> modifiers) {
    return modifiers.stream()
        .map(modifier -> modifier.name().toLowerCase(Locale.ROOT) + " ")
        .sorted()
        .collect(Collectors.joining());
  }

  private static String to(Set<String> targets) {
    return targets.isEmpty() ? "" : " to " + sorted(targets);
  }

  private static String sorted(Collection<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }
}
