package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.plugins.LoadedPlugins;
import org.thalweg.app.plugins.PluginProblem;
import org.thalweg.app.wiring.EngineChooser;

/** Lists providers, engines or plugins. */
public final class ListAction implements Action<ListCommand> {
  private final LoadedPlugins plugins;
  private final EngineChooser engines;
  private final Console console;

  @Inject
  ListAction(LoadedPlugins plugins, EngineChooser engines, Console console) {
    this.plugins = plugins;
    this.engines = engines;
    this.console = console;
  }

  @Override
  public ExitCode run(ListCommand arguments) {
    Optional<Registry.Kind> kind = Kinds.of(arguments.kind);
    String word = Kinds.plural(arguments.kind);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kind", word);
    if (kind.isPresent()) {
      providers(kind.get(), values);
    } else if (word.equals(Kinds.ENGINES)) {
      engines(values);
    } else {
      plugins(values);
    }
    return ExitCode.OK;
  }

  private void providers(Registry.Kind kind, Map<String, Object> values) {
    TextTable text = new TextTable();
    List<Object> items = new ArrayList<>();
    plugins
        .registry()
        .all(kind)
        .forEach(
            (name, entry) -> {
              Map<String, Object> item = new LinkedHashMap<>();
              item.put("name", name);
              item.put("summary", entry.provider().summary());
              item.put("paper", entry.provider().paper());
              item.put("plugin", entry.origin().name());
              if (entry.provider() instanceof EstimatorProvider<?> estimator) {
                item.put("conditional", estimator.conditional());
                item.put(
                    "capabilities",
                    estimator.capabilities().stream().map(Capability::label).sorted().toList());
              }
              if (entry.provider() instanceof InferenceProvider<?> method) {
                item.put("takes", ProblemText.takes(method));
                item.put("sequential", method.sequential());
              }
              items.add(item);
              text.row(name, entry.provider().summary());
            });
    values.put("items", items);
    String none = "There is no " + kind.label() + ".";
    console.result(values, items.isEmpty() ? none : text.toString());
  }

  private void engines(Map<String, Object> values) {
    TextTable text = new TextTable();
    List<Object> items = new ArrayList<>();
    for (EngineProvider provider : engines.installed()) {
      EngineState state = EngineState.of(provider);
      items.add(state.toMap());
      text.row(provider.name(), state.available() ? "available" : "unavailable", state.text());
    }
    values.put("items", items);
    console.result(values, items.isEmpty() ? "There is no engine." : text.toString());
  }

  private void plugins(Map<String, Object> values) {
    TextTable text = new TextTable();
    List<Object> items = new ArrayList<>();
    for (PluginOrigin origin : plugins.registry().plugins()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("name", origin.name());
      item.put("version", origin.version());
      item.put("location", origin.location());
      items.add(item);
      text.row(origin.name(), origin.version(), origin.location());
    }
    values.put("items", items);
    values.put("problems", plugins.problems().stream().map(ListAction::problem).toList());
    console.result(values, text.toString());
  }

  /** A problem as JSON shows it. */
  static Map<String, Object> problem(PluginProblem problem) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("location", problem.location());
    out.put("message", problem.message());
    return out;
  }
}
