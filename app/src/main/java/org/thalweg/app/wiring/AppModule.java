package org.thalweg.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.plugins.LoadedPlugins;
import org.thalweg.app.plugins.PluginLoader;
import org.thalweg.app.table.Workspace;

/** Binds what a command works with, but for the engine. */
public final class AppModule extends AbstractModule {
  /** Set by the start script: the directory of the distribution. */
  public static final String HOME = "thalweg.home";

  private final Settings settings;
  private final Console console;
  private final Interruption interruption;

  /** Binds these. */
  public AppModule(Settings settings, Console console, Interruption interruption) {
    this.settings = settings;
    this.console = console;
    this.interruption = interruption;
  }

  @Override
  protected void configure() {
    binder().requireAtInjectOnConstructors();
    bind(Settings.class).toInstance(settings);
    bind(Console.class).toInstance(console);
    bind(Interruption.class).toInstance(interruption);
    bind(EngineChooser.class);
  }

  @Provides
  @Singleton
  LoadedPlugins plugins() {
    LoadedPlugins loaded = PluginLoader.load(directories(settings), settings.strictPlugins());
    loaded.problems().forEach(problem -> console.warn("plugin skipped: %s", problem));
    return loaded;
  }

  @Provides
  Registry registry(LoadedPlugins plugins) {
    return plugins.registry();
  }

  /** A fresh one each time; who asks closes it. */
  @Provides
  Workspace workspace() {
    return new Workspace(settings.engineOptions().threads());
  }

  /** The directories that are searched for plugins. */
  public static List<Path> directories(Settings settings) {
    List<Path> out = new ArrayList<>();
    String home = System.getProperty(HOME);
    if (home != null && Files.isDirectory(Path.of(home, "plugins"))) {
      out.add(Path.of(home, "plugins"));
    }
    out.addAll(settings.pluginPaths());
    return List.copyOf(out);
  }
}
