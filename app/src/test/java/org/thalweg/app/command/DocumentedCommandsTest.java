package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.Registry.Kind;
import org.thalweg.toolkit.config.ConfigBinder;
import picocli.CommandLine;

/**
 * Commands as they stand in the documentation: their options, the names that they give, and the
 * options of what is named. Nothing runs.
 */
class DocumentedCommandsTest {
  private static final Registry REGISTRY = Registry.installed();

  private static List<Path> pages() throws IOException {
    return TypedCommands.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theyAreCommandsOfOurs(Path page) throws IOException {
    assertAll(
        TypedCommands.of(page).stream()
            .map(words -> () -> check(words, page.getFileName() + ": " + words)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"inference", "vi", "sbi", "deconvolution", "dnf", "vmonf", "aem", "diffusion"})
  void everySystemShowsSome(String system) throws IOException {
    Path page = pages().stream().filter(p -> p.endsWith(system + ".md")).findFirst().orElseThrow();
    assertTrue(TypedCommands.of(page).size() >= 2, page.toString());
  }

  @Test
  void whatIsWrongIsFound() {
    for (List<String> wrong :
        List.of(
            List.of("fit", "--estimator", "maf", "--data", "t.csv"),
            List.of("fit", "--estimator", "maff", "--data", "t.csv", "--out", "m"),
            List.of("fit", "--estimator", "maf", "--data", "t.csv", "--out", "m", "--set", "a=1"),
            List.of(
                "fit", "--estimator", "vmonf", "--data", "t", "--out", "m", "--set", "flow.a=1"),
            List.of(
                "scan", "--estimator", "dnf", "--data", "t", "--out", "m", "--over", "sigmas=1"),
            List.of("infer", "--method", "npe", "--simulator", "two-moon", "--out", "d"),
            List.of("infer", "--method", "npe", "--target", "eight-schools", "--out", "d"),
            List.of("list", "things"),
            List.of("describe", "simulator/nothing"),
            List.of("score", "[--outs", "FILE]"))) {
      boolean refused = false;
      try {
        check(wrong, "wrong");
      } catch (ThalwegException | CommandLine.ParameterException | AssertionError e) {
        refused = true;
      }
      assertTrue(refused, wrong.toString());
    }
  }

  private static void check(List<String> words, String what) {
    CommandLine commands = new CommandLine(new Root()).setCaseInsensitiveEnumValuesAllowed(true);
    if (words.stream().anyMatch(word -> word.contains("[") || word.contains("|"))) {
      synopsis(commands.getSubcommands().get(words.get(0)), words, what);
      return;
    }
    CommandLine.ParseResult parsed = commands.parseArgs(words.toArray(String[]::new));
    Object command = parsed.subcommand().commandSpec().userObject();
    if (command instanceof FitCommand fit) {
      estimator(fit.estimator, ConfigOptions.read(Optional.empty(), fit.set));
      Words.split(fit.split, Split.Order.RANDOM);
      Optional.ofNullable(fit.timeLimit).ifPresent(Words::duration);
    } else if (command instanceof ScanCommand scan) {
      for (String over : scan.over) {
        for (String value : over.substring(over.indexOf('=') + 1).split(",")) {
          Map<String, Object> options = new LinkedHashMap<>();
          options.putAll(ConfigOptions.read(Optional.empty(), scan.set));
          options.put(over.substring(0, over.indexOf('=')), value);
          estimator(scan.estimator, options);
        }
      }
    } else if (command instanceof BenchEnginesCommand bench) {
      estimator(bench.estimator, ConfigOptions.read(Optional.empty(), bench.set));
    } else if (command instanceof InferCommand infer) {
      infer(infer, what);
    } else if (command instanceof ListCommand list) {
      Kinds.of(list.kind);
    } else if (command instanceof DescribeCommand describe && !words.contains("--plugin-path")) {
      describe(describe.name);
    }
  }

  /** A synopsis names options, values in capitals and alternatives; the options must exist. */
  private static void synopsis(CommandLine command, List<String> words, String what) {
    assertTrue(command != null, what);
    for (String word : words.subList(1, words.size())) {
      String bare = word.replaceAll("[\\[\\]().]", "");
      if (bare.matches("-n|--[a-z-]+")) {
        assertTrue(command.getCommandSpec().optionsMap().containsKey(bare), what + ": " + bare);
      }
    }
  }

  private static void infer(InferCommand infer, String what) {
    assertEquals(infer.simulator == null, infer.target != null, what);
    assertEquals(infer.simulator == null, infer.observation == null, what);
    bind(REGISTRY.method(infer.method).defaults(), ConfigOptions.read(Optional.empty(), infer.set));
    Kind kind = infer.simulator == null ? Kind.TARGET : Kind.SIMULATOR;
    String problem = infer.simulator == null ? infer.target : infer.simulator;
    bind(
        REGISTRY.entry(kind, problem).provider().defaults(),
        ConfigOptions.read(Optional.empty(), infer.problemSet));
  }

  private static void describe(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      assertTrue(
          Kinds.inOrder().stream().anyMatch(kind -> REGISTRY.all(kind).containsKey(name)), name);
    } else {
      Kind kind = Kinds.of(name.substring(0, slash)).orElseThrow();
      REGISTRY.entry(kind, name.substring(slash + 1));
    }
  }

  private static void estimator(String name, Map<String, Object> options) {
    bind(REGISTRY.estimator(name).defaults(), options);
  }

  /** Also the options of parts, which are bound when they are built. */
  private static void bind(Record defaults, Map<String, Object> options) {
    Record bound = ConfigBinder.bind(defaults, options);
    for (var component : bound.getClass().getRecordComponents()) {
      Object value = ConfigBinder.read(bound, component);
      if (value instanceof Choice choice && !choice.options().isEmpty()) {
        part(choice);
      }
    }
  }

  private static void part(Choice choice) {
    List<ThalwegException> refusals = new ArrayList<>();
    for (Kind kind : Stream.of(Kind.DENSITY, Kind.TRANSFORM, Kind.UNIVARIATE).toList()) {
      try {
        bind(REGISTRY.entry(kind, choice.name()).provider().defaults(), choice.options());
        return;
      } catch (ThalwegException e) {
        refusals.add(e);
      }
    }
    throw new AssertionError(refusals.toString());
  }
}
