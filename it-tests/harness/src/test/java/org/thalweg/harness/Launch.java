package org.thalweg.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How a command of the distribution is started in a process of its own. */
final class Launch {
  /** The exit code of a process that SIGKILL ended. */
  private static final int KILLED = 137;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /**
   * A build in the background of a script hands down an ignored SIGINT, which no JVM takes back;
   * where there is a tool for it, commands start with the usual one.
   */
  private static final List<String> HEARING_INTERRUPTS = hearingInterrupts();

  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> prefix = new ArrayList<>();
  private Path home = Distribution.home();
  private Path directory;

  /** A launch in a working directory. */
  static Launch in(Path directory) {
    Launch launch = new Launch();
    launch.directory = directory;
    return launch;
  }

  /** On a JDK other than the one that runs the tests. */
  Launch on(Jdks.Jdk jdk) {
    return with("JAVA_HOME", jdk.home().toString());
  }

  /** Everything on the class path. */
  Launch onClassPath() {
    return with("THALWEG_CLASSPATH_MODE", "1");
  }

  /** With an environment variable. */
  Launch with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** With another distribution. */
  Launch of(Path otherHome) {
    home = otherHome;
    return this;
  }

  /** Through another command, which runs the words that follow its own. */
  Launch through(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  /** Runs a command to its end. */
  Outcome run(String... arguments) {
    try (Running running = start(arguments)) {
      return running.await(LIMIT);
    }
  }

  /** Starts a command. */
  Running start(String... arguments) {
    List<String> command = new ArrayList<>(HEARING_INTERRUPTS);
    command.addAll(prefix);
    command.add(home.resolve("bin/thalweg").toString());
    command.addAll(Arrays.asList(arguments));
    try {
      Path log = Files.createTempDirectory("thalweg-launch");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(log.resolve("out").toFile())
              .redirectError(log.resolve("err").toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      // A test must not depend on what the developer has set.
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().put("THALWEG_JAVA_OPTS", "-Xmx1g -XX:TieredStopAtLevel=1");
      builder.environment().putAll(environment);
      // What a process that is killed leaves behind goes with its outputs.
      Path temporary = Files.createDirectory(log.resolve("tmp"));
      builder
          .environment()
          .merge("THALWEG_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary, (own, t) -> t + " " + own);
      return new Running(builder.start(), String.join(" ", command), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> hearingInterrupts() {
    List<String> words = List.of("env", "--default-signal=INT");
    try {
      List<String> trial = new ArrayList<>(words);
      trial.add("true");
      Process process =
          new ProcessBuilder(trial)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? words : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A process under way. */
  record Running(Process process, String command, Path log) implements AutoCloseable {
    /** What it has written to standard error so far. */
    String err() {
      return read("err");
    }

    /** Sends a signal, such as {@code INT}. */
    void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(process.pid()))
          .inheritIO()
          .start()
          .waitFor();
    }

    /** Waits for the end. */
    Outcome await(Duration limit) {
      try {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError(command + " runs for more than " + limit + ":\n" + err());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      requireNothingLeft();
      return new Outcome(command, process.exitValue(), read("out"), err());
    }

    /** A process that was not killed takes its temporary files with it. */
    private void requireNothingLeft() {
      if (process.exitValue() == KILLED) {
        return;
      }
      try (Stream<Path> left = Files.list(log.resolve("tmp"))) {
        List<Path> files = left.toList();
        if (!files.isEmpty()) {
          throw new AssertionError(command + " left in the temporary directory: " + files);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        process.destroyForcibly().waitFor();
        Trees.delete(log);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String read(String stream) {
      try {
        return new String(Files.readAllBytes(log.resolve(stream)), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
