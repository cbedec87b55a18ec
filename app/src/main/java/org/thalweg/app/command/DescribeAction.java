package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.config.OptionInfo;

/** Describes one provider or engine. */
public final class DescribeAction implements Action<DescribeCommand> {
  private final Registry registry;
  private final EngineChooser engines;
  private final Console console;

  @Inject
  DescribeAction(Registry registry, EngineChooser engines, Console console) {
    this.registry = registry;
    this.engines = engines;
    this.console = console;
  }

  @Override
  public ExitCode run(DescribeCommand arguments) {
    int slash = arguments.name.indexOf('/');
    if (slash < 0) {
      any(arguments.name);
      return ExitCode.OK;
    }
    String word = arguments.name.substring(0, slash);
    String name = arguments.name.substring(slash + 1);
    if (Kinds.plural(word).equals(Kinds.ENGINES)) {
      engine(name);
    } else {
      Registry.Kind kind =
          Kinds.of(word)
              .orElseThrow(
                  () -> ThalwegException.usage("Plugins have no options; see 'list plugins'."));
      provider(kind, registry.entry(kind, name), List.of());
    }
    return ExitCode.OK;
  }

  /** The kinds are searched in order; the others that have the name are mentioned. */
  private void any(String name) {
    List<Registry.Kind> found =
        Kinds.inOrder().stream().filter(kind -> registry.all(kind).containsKey(name)).toList();
    if (!found.isEmpty()) {
      List<String> others = found.stream().skip(1).map(kind -> kind.label() + "/" + name).toList();
      provider(found.get(0), registry.entry(found.get(0), name), others);
    } else if (engines.installed().stream().anyMatch(e -> e.name().equals(name))) {
      engine(name);
    } else {
      Set<String> names = new TreeSet<>();
      Kinds.inOrder().forEach(kind -> names.addAll(registry.all(kind).keySet()));
      engines.installed().forEach(engine -> names.add(engine.name()));
      throw Names.unknown("name", name, names);
    }
  }

  private void provider(Registry.Kind kind, Registry.Entry entry, List<String> others) {
    List<OptionInfo> options = ConfigBinder.describe(entry.provider().defaults());
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", kind.label());
    values.put("name", entry.provider().name());
    values.put("summary", entry.provider().summary());
    values.put("paper", entry.provider().paper());
    values.put("plugin", entry.origin().toString());
    List<String> lines = new ArrayList<>();
    lines.add(kind.label() + " " + entry.provider().name() + ": " + entry.provider().summary());
    if (!entry.provider().paper().isEmpty()) {
      lines.add("paper: " + entry.provider().paper());
    }
    lines.add("plugin: " + entry.origin());
    if (entry.provider() instanceof EstimatorProvider<?> estimator) {
      List<String> capabilities =
          estimator.capabilities().stream().map(Capability::label).sorted().toList();
      values.put("conditional", estimator.conditional());
      values.put("capabilities", capabilities);
      lines.add("models: " + String.join(", ", capabilities));
      lines.add("context columns: " + (estimator.conditional() ? "yes" : "no"));
    }
    ProblemText.describe(entry.provider(), values, lines);
    values.put("options", options.stream().map(DescribeAction::option).toList());
    values.put("others", others);
    lines.add(options.isEmpty() ? "options: none" : "options:");
    lines.add(table(options));
    if (!others.isEmpty()) {
      lines.add("also: " + String.join(", ", others));
    }
    lines.removeIf(String::isEmpty);
    console.result(values, String.join(System.lineSeparator(), lines));
  }

  private void engine(String name) {
    EngineProvider provider =
        engines.installed().stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Names.unknown(
                        "engine",
                        name,
                        engines.installed().stream().map(EngineProvider::name).toList()));
    EngineState state = EngineState.of(provider);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", "engine");
    values.putAll(state.toMap());
    String word = state.available() ? "available" : "unavailable";
    console.result(values, "engine " + name + ": " + word + ", " + state.text());
  }

  private static Map<String, Object> option(OptionInfo option) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("key", option.key());
    out.put("type", option.type());
    out.put("default", option.defaultValue());
    out.put("doc", option.doc());
    return out;
  }

  private static String table(List<OptionInfo> options) {
    TextTable table = new TextTable();
    for (OptionInfo option : options) {
      table.row(
          "  --set " + option.key() + "=" + option.defaultValue(),
          option.doc() + " (" + option.type() + ")");
    }
    return table.toString();
  }
}
