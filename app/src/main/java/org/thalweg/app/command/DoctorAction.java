package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;
import org.thalweg.app.Versions;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.plugins.LoadedPlugins;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.AppModule;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.app.wiring.Settings;

/** Tries everything that a command needs, and shows what came of it. */
public final class DoctorAction implements Action<DoctorCommand> {
  private final Settings settings;
  private final Console console;
  private final LoadedPlugins plugins;
  private final EngineChooser engines;
  private final Provider<Workspace> workspaces;

  @Inject
  DoctorAction(
      Settings settings,
      Console console,
      LoadedPlugins plugins,
      EngineChooser engines,
      Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.plugins = plugins;
    this.engines = engines;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(DoctorCommand arguments) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> text = new ArrayList<>();
    put(values, text, "versions", versions());
    put(values, text, "machine", machine());
    Map<String, Object> states = new LinkedHashMap<>();
    for (EngineProvider provider : engines.installed()) {
      states.put(provider.name(), engine(provider));
    }
    put(values, text, "engines", states);
    put(values, text, "tables", Map.of("duckdb", duckdb()));
    List<String> directories =
        AppModule.directories(settings).stream().map(Path::toString).toList();
    values.put("plugin_directories", directories);
    list(text, "plugin directories", directories);
    List<String> loaded = plugins.registry().plugins().stream().map(Object::toString).toList();
    values.put("plugins", loaded);
    list(text, "plugins", loaded);
    values.put("problems", plugins.problems().stream().map(ListAction::problem).toList());
    list(text, "problems", plugins.problems().stream().map(Object::toString).toList());
    console.result(values, String.join(System.lineSeparator(), text));
    return ExitCode.OK;
  }

  private Map<String, Object> versions() {
    Map<String, Object> out = new LinkedHashMap<>(Versions.all());
    out.put("java_vm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.home"));
    boolean modules = DoctorAction.class.getModule().isNamed();
    out.put("started_on", modules ? "module path" : "class path");
    return out;
  }

  private Map<String, Object> machine() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    out.put("architecture", System.getProperty("os.arch"));
    out.put("processors", Runtime.getRuntime().availableProcessors());
    out.put("threads", settings.engineOptions().threads());
    out.put("heap_mb", Runtime.getRuntime().maxMemory() >> 20);
    out.put("temporary_directory", System.getProperty("java.io.tmpdir"));
    return out;
  }

  /** Opening shows the versions of natives, or why they do not load. */
  private Object engine(EngineProvider provider) {
    EngineState state = EngineState.of(provider);
    if (!state.available()) {
      return state.toMap();
    }
    Map<String, Object> out = new LinkedHashMap<>(state.toMap());
    try (Engine engine = provider.open(settings.engineOptions())) {
      out.putAll(engine.describe());
    } catch (RuntimeException | LinkageError e) {
      if (e instanceof ThalwegException refused && refused.exitCode() == ExitCode.USAGE) {
        // It is there, and cannot do what the other options ask of it.
        out.put("refuses", refused.getMessage());
        return out;
      }
      out.put("available", false);
      out.put("reason", "does not open: " + Reason.of(e));
    }
    return out;
  }

  private String duckdb() {
    try (Workspace workspace = workspaces.get()) {
      return workspace.version();
    } catch (RuntimeException | LinkageError e) {
      return "does not start: " + Reason.of(e);
    }
  }

  private static void list(List<String> text, String title, List<String> content) {
    text.add(title + (content.isEmpty() ? ": none" : ""));
    content.forEach(line -> text.add("  " + line));
  }

  private static void put(
      Map<String, Object> values, List<String> text, String title, Map<String, Object> content) {
    values.put(title, content);
    text.add(title);
    TextTable table = new TextTable();
    content.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> nested) {
            nested.forEach((k, v) -> table.row("  " + key, k, v));
          } else {
            table.row("  " + key, value);
          }
        });
    text.add(table.toString());
  }
}
