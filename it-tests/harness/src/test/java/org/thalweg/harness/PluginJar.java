package org.thalweg.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A small plugin that is compiled on the spot against the built distribution. */
final class PluginJar {
  private static final String SERVICE = "org.thalweg.api.plugin.ThalwegPlugin";

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> providers = new ArrayList<>();
  private final List<Path> libraries = new ArrayList<>();
  private boolean services = true;

  /** A plugin that offers a univariate family of a name, which does nothing else. */
  static PluginJar offering(String className, String univariate) {
    return new PluginJar().plugin(className, "", PluginSources.univariates(univariate));
  }

  /** A plugin whose constructor does something. */
  static PluginJar constructing(String className, String statement) {
    return new PluginJar().plugin(className, statement, "");
  }

  /** Adds a class that is a plugin, and names it as a provider. */
  PluginJar plugin(String className, String inConstructor, String members) {
    providers.add(className);
    return source(className, PluginSources.plugin(className, inConstructor, members));
  }

  /** Adds a class. */
  PluginJar source(String className, String source) {
    sources.put(className, source);
    return this;
  }

  /** Makes it an explicit module, which opens nothing. */
  PluginJar module(String name, String... requires) {
    StringBuilder body = new StringBuilder("requires org.thalweg.api; ");
    for (String required : requires) {
      body.append("requires ").append(required).append("; ");
    }
    if (!providers.isEmpty()) {
      body.append("provides ").append(SERVICE).append(" with ");
      body.append(String.join(", ", providers)).append(";");
    }
    return source("module-info", "module " + name + " { " + body + " }");
  }

  /** Compiles against one more jar. */
  PluginJar with(Path library) {
    libraries.add(library);
    return this;
  }

  /** Adds the name of a class that there is not. */
  PluginJar provider(String className) {
    providers.add(className);
    return this;
  }

  /** Leaves META-INF/services out, as a module may that is never on a class path. */
  PluginJar withoutServices() {
    services = false;
    return this;
  }

  /** Compiles and writes the jar. */
  Path build(Path jar) throws IOException {
    Path classes = Files.createTempDirectory("plugin-classes");
    try {
      if (!sources.isEmpty()) {
        compile(classes);
      }
      Files.createDirectories(jar.getParent());
      pack(classes, jar);
    } finally {
      Trees.delete(classes);
    }
    return jar;
  }

  private void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entry(out, classes.relativize(file).toString(), Files.readAllBytes(file));
      }
      if (services && !providers.isEmpty()) {
        entry(out, "META-INF/services/" + SERVICE, String.join("\n", providers).getBytes(UTF_8));
      }
    }
  }

  private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  private void compile(Path classes) {
    Stream<Path> shared =
        Stream.of("thalweg-api-", "thalweg-toolkit-", "api-", "slf4j-api-")
            .flatMap(prefix -> Distribution.module(prefix).stream());
    String compileAgainst =
        Stream.concat(shared, libraries.stream())
            .map(Path::toString)
            .collect(Collectors.joining(java.io.File.pathSeparator));
    String path = sources.containsKey("module-info") ? "--module-path" : "--class-path";
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("--release", "17", path, compileAgainst, "-d", classes.toString());
    boolean compiled = compiler.getTask(messages, null, null, options, null, units()).call();
    if (!compiled) {
      throw new IllegalStateException(messages.toString());
    }
  }

  private List<JavaFileObject> units() {
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, source) -> units.add(new InMemory(name, source)));
    return units;
  }

  private static final class InMemory extends SimpleJavaFileObject {
    private final String source;

    InMemory(String className, String source) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}
