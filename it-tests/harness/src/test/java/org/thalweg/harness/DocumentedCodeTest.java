package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java in the documentation compiles against what the distribution's modules export. Blocks are
 * statements or one type; imports are left out there, and what a reader has already stands in
 * {@link #GIVEN}. {@link ReadmeTest} compiles and runs the plugin of README; the page on plugins
 * shows outlines.
 */
class DocumentedCodeTest {
  private static final String GIVEN =
      """
      static org.thalweg.api.engine.Engine engine;
      static Registry registry;
      static double[] seen;
      static double[] counts(double level, double rate, SplittableRandom random) {
        return new double[1];
      }
      """;

  @TempDir Path classes;

  /** A fenced block. */
  private record Block(Path page, String code) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + code.lines().findFirst().orElse("");
    }
  }

  private static List<Block> blocks() throws IOException {
    Path docs = Path.of(System.getProperty("thalweg.checkout")).resolve("docs");
    List<Block> out = new ArrayList<>();
    try (Stream<Path> pages = Files.list(docs)) {
      for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
        // What stands before the first fence is no block.
        Stream.of(Files.readString(page).split("(?m)^```java\n"))
            .skip(1)
            .map(part -> new Block(page, part.substring(0, part.indexOf("```"))))
            .forEach(out::add);
      }
    }
    return out.stream().filter(block -> !block.page().endsWith("plugins.md")).toList();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void itCompiles(Block block) {
    assertEquals("", errors(block.code()), block.toString());
  }

  @Test
  void thereIsSomeAndAMistakeIsFound() throws IOException {
    List<String> pages =
        blocks().stream().map(block -> block.page().getFileName().toString()).toList();
    assertTrue(pages.containsAll(List.of("inference.md", "vi.md", "sbi.md")), pages.toString());
    String errors = errors("Matrix draws = posterior.sample(1000, new Sead(2));\n");
    assertTrue(errors.contains("Sead") && errors.contains("posterior"), errors);
  }

  private String errors(String code) {
    boolean type = code.matches("(?s)(public |final )*(record|class|interface|enum) .*");
    String body = type ? "static " + code : "void run() throws Exception {\n" + code + "}\n";
    String source = imports() + "class Page {\n" + GIVEN + body + "}\n";
    StringWriter messages = new StringWriter();
    String path =
        Distribution.modules().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> options =
        List.of(
            "--release",
            "17",
            "--module-path",
            path,
            "--add-modules",
            modules().map(ModuleDescriptor::name).collect(Collectors.joining(",")),
            "-proc:none",
            "-Xlint:none",
            "-d",
            classes.toString());
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(messages, null, null, options, null, List.of(new Source(source)))
            .call();
    return compiled ? "" : messages.toString();
  }

  /** What a plugin or a program is written against. */
  private static Stream<ModuleDescriptor> modules() {
    return ModuleFinder.of(Distribution.ours().toArray(Path[]::new)).findAll().stream()
        .map(ModuleReference::descriptor)
        .filter(module -> !module.name().equals("org.thalweg.app"));
  }

  private static String imports() {
    Stream<String> ours =
        modules()
            .flatMap(module -> module.exports().stream())
            .filter(exported -> !exported.isQualified())
            .map(ModuleDescriptor.Exports::source);
    return Stream.concat(Stream.of("java.util", "ai.djl.ndarray"), ours)
        .sorted()
        .map(name -> "import " + name + ".*;\n")
        .collect(Collectors.joining());
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Page.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
