package org.thalweg.app.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.app.Reason;

/**
 * Finds the built-in plugins and those of plugin directories. A plugin that fails is skipped as a
 * whole, and what it did wrong is reported; the others are loaded.
 *
 * <p>Plugins are loaded in a fixed order: the built-in ones by name, then the directories as given,
 * each sorted by file name. Of two that offer the same name the later one is refused.
 */
public final class PluginLoader {
  private static final Logger LOG = LoggerFactory.getLogger(PluginLoader.class);

  private final Registry.Builder registry = Registry.builder();
  private final List<PluginProblem> problems = new ArrayList<>();
  private final Isolation isolation = new Isolation();

  private PluginLoader() {}

  /**
   * Loads plugins. What was loaded stays loaded for the life of the JVM.
   *
   * @param directories plugin directories; each sub-directory or jar of one is a plugin
   * @param strict whether a plugin that fails is fatal
   * @throws ThalwegException exit code 2, with every problem, where {@code strict} and there is one
   */
  public static LoadedPlugins load(List<Path> directories, boolean strict) {
    PluginLoader loader = new PluginLoader();
    loader.loadBuiltIn();
    directories.stream()
        .map(directory -> directory.toAbsolutePath().normalize())
        .distinct()
        .flatMap(directory -> PluginLocation.in(directory, loader.problems).stream())
        .forEach(loader::loadFrom);
    if (strict && !loader.problems.isEmpty()) {
      throw new ThalwegException(
          ExitCode.USAGE,
          "Plugins failed to load, and --strict-plugins makes that fatal:\n"
              + loader.problems.stream()
                  .map(problem -> "  " + problem)
                  .collect(Collectors.joining("\n")));
    }
    return new LoadedPlugins(loader.registry.build(), loader.problems);
  }

  private void loadBuiltIn() {
    List<ServiceLoader.Provider<ThalwegPlugin>> providers;
    try {
      providers =
          ServiceLoader.load(ThalwegPlugin.class, PluginLoader.class.getClassLoader()).stream()
              .sorted(byType())
              .toList();
    } catch (ServiceConfigurationError e) {
      problems.add(new PluginProblem("built-in plugins", reason(e)));
      return;
    }
    for (ServiceLoader.Provider<ThalwegPlugin> provider : providers) {
      PluginOrigin origin = Origins.builtIn(provider.type());
      try {
        registry.add(provider.get(), origin);
        LOG.debug("Built-in plugin {}", origin);
      } catch (RuntimeException | Error e) {
        rethrowFatal(e);
        problems.add(new PluginProblem(origin.name(), reason(e)));
      }
    }
  }

  private void loadFrom(PluginLocation location) {
    try {
      SharedPackages.refuseCopies(location.jars());
      Isolation.Opened opened = isolation.open(location);
      try {
        PluginOrigin origin = register(location, opened.providers());
        LOG.info("Plugin {}", origin);
      } catch (RuntimeException | Error e) {
        opened.discard().run();
        throw e;
      }
    } catch (IOException e) {
      problems.add(location.problem("cannot be read as a jar: " + Reason.of(e)));
    } catch (RuntimeException | Error e) {
      rethrowFatal(e);
      problems.add(location.problem(reason(e)));
      LOG.debug("Plugin {} failed", location.path(), e);
    }
  }

  private PluginOrigin register(
      PluginLocation location, List<ServiceLoader.Provider<ThalwegPlugin>> providers) {
    if (providers.isEmpty()) {
      throw ThalwegException.usage(
          "offers no plugin. A plugin's jar names its %s in META-INF/services and, if it is a "
              + "module, in 'provides'; a library belongs into a sub-directory, beside the jar "
              + "of the plugin that needs it.",
          ThalwegPlugin.class.getSimpleName());
    }
    List<ServiceLoader.Provider<ThalwegPlugin>> sorted =
        providers.stream().sorted(byType()).toList();
    PluginOrigin origin = Origins.at(location, sorted.get(0).type());
    registry.add(sorted.stream().map(ServiceLoader.Provider::get).toList(), origin);
    return origin;
  }

  /** Whatever a plugin throws is its own problem, unless the JVM itself is at its end. */
  private static void rethrowFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  private static Comparator<ServiceLoader.Provider<ThalwegPlugin>> byType() {
    return Comparator.comparing(provider -> provider.type().getName());
  }

  /** What a user can read: our own refusals as they are, others with the cause that says most. */
  private static String reason(Throwable failure) {
    if (failure instanceof ThalwegException) {
      return failure.getMessage();
    }
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = "failed to load: " + failure;
    return cause == failure ? reason : reason + ", caused by " + cause;
  }
}
