package org.thalweg.api.plugin;

import java.lang.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.UnivariateProvider;

/** All that the plugins offer, by kind and name. Immutable. */
public final class Registry {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Set<String> RESERVED = Set.of("all", "auto", "default", "none");

  /** The kinds of things that a plugin offers; a name is unique within its kind. */
  public enum Kind {
    /** {@link UnivariateProvider}. */
    UNIVARIATE,
    /** {@link TransformProvider}. */
    TRANSFORM,
    /** {@link DensityProvider}. */
    DENSITY,
    /** {@link EstimatorProvider}. */
    ESTIMATOR,
    /** {@link InferenceProvider}. */
    METHOD,
    /** {@link SimulatorProvider}. */
    SIMULATOR,
    /** {@link TargetProvider}. */
    TARGET;

    /** The name that users see, in the singular. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A provider and the plugin that brought it.
   *
   * @param provider the provider
   * @param origin the plugin
   */
  public record Entry(Provider<?> provider, PluginOrigin origin) {}

  private final Map<Kind, Map<String, Entry>> entries;
  private final List<PluginOrigin> plugins;

  private Registry(Map<Kind, Map<String, Entry>> entries, List<PluginOrigin> plugins) {
    this.entries = entries;
    this.plugins = List.copyOf(plugins);
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * All that is on the module path or the class path; the application has a registry of its own,
   * with the plugins of its directories.
   */
  public static Registry installed() {
    Builder builder = builder();
    ServiceLoader.load(ThalwegPlugin.class)
        .forEach(plugin -> builder.add(plugin, origin(plugin.getClass())));
    return builder.build();
  }

  private static PluginOrigin origin(Class<?> plugin) {
    String name = Optional.ofNullable(plugin.getModule().getName()).orElse(plugin.getName());
    String version =
        Optional.ofNullable(plugin.getModule().getDescriptor())
            .flatMap(ModuleDescriptor::rawVersion)
            .orElse("unknown");
    String location =
        Optional.ofNullable(plugin.getProtectionDomain().getCodeSource())
            .map(source -> source.getLocation().toString())
            .orElse("unknown");
    return new PluginOrigin(name, version, location);
  }

  /** The plugins, in the order they were added. */
  public List<PluginOrigin> plugins() {
    return plugins;
  }

  /** All of a kind, sorted by name. */
  public Map<String, Entry> all(Kind kind) {
    return Collections.unmodifiableMap(entries.get(kind));
  }

  /** One of a kind by name; an unknown name is refused with the names there are. */
  public Entry entry(Kind kind, String name) {
    Entry entry = entries.get(kind).get(name);
    if (entry == null) {
      throw Names.unknown(kind.label(), name, entries.get(kind).keySet());
    }
    return entry;
  }

  /** A univariate family by name. */
  public UnivariateProvider<?> univariate(String name) {
    return (UnivariateProvider<?>) entry(Kind.UNIVARIATE, name).provider();
  }

  /** A transform by name. */
  public TransformProvider<?> transform(String name) {
    return (TransformProvider<?>) entry(Kind.TRANSFORM, name).provider();
  }

  /** A density by name. */
  public DensityProvider<?> density(String name) {
    return (DensityProvider<?>) entry(Kind.DENSITY, name).provider();
  }

  /** An estimator by name. */
  public EstimatorProvider<?> estimator(String name) {
    return (EstimatorProvider<?>) entry(Kind.ESTIMATOR, name).provider();
  }

  /** An inference method by name. */
  public InferenceProvider<?> method(String name) {
    return (InferenceProvider<?>) entry(Kind.METHOD, name).provider();
  }

  /** A simulator by name. */
  public SimulatorProvider<?> simulator(String name) {
    return (SimulatorProvider<?>) entry(Kind.SIMULATOR, name).provider();
  }

  /** A target by name. */
  public TargetProvider<?> target(String name) {
    return (TargetProvider<?>) entry(Kind.TARGET, name).provider();
  }

  /** Collects plugins. */
  public static final class Builder {
    private final Map<Kind, Map<String, Entry>> entries = new LinkedHashMap<>();
    private final List<PluginOrigin> plugins = new ArrayList<>();

    private Builder() {
      for (Kind kind : Kind.values()) {
        entries.put(kind, new TreeMap<>());
      }
    }

    /**
     * Adds all that a plugin offers, or nothing.
     *
     * @throws ThalwegException where a name is malformed, reserved or taken; a taken name is
     *     refused with both origins
     */
    public Builder add(ThalwegPlugin plugin, PluginOrigin origin) {
      return add(List.of(plugin), origin);
    }

    /**
     * Adds all that the plugins of one origin offer, or nothing.
     *
     * @throws ThalwegException as above
     */
    public Builder add(List<? extends ThalwegPlugin> together, PluginOrigin origin) {
      Map<Kind, Map<String, Entry>> offered = new LinkedHashMap<>();
      for (ThalwegPlugin plugin : together) {
        collect(offered, Kind.UNIVARIATE, plugin.univariates(), origin);
        collect(offered, Kind.TRANSFORM, plugin.transforms(), origin);
        collect(offered, Kind.DENSITY, plugin.densities(), origin);
        collect(offered, Kind.ESTIMATOR, plugin.estimators(), origin);
        collect(offered, Kind.METHOD, plugin.inferences(), origin);
        collect(offered, Kind.SIMULATOR, plugin.simulators(), origin);
        collect(offered, Kind.TARGET, plugin.targets(), origin);
      }
      offered.forEach((kind, named) -> entries.get(kind).putAll(named));
      plugins.add(origin);
      return this;
    }

    /** The registry of what was added so far. */
    public Registry build() {
      Map<Kind, Map<String, Entry>> copy = new LinkedHashMap<>();
      entries.forEach((kind, named) -> copy.put(kind, new TreeMap<>(named)));
      return new Registry(copy, plugins);
    }

    private void collect(
        Map<Kind, Map<String, Entry>> offered,
        Kind kind,
        List<? extends Provider<?>> providers,
        PluginOrigin origin) {
      Map<String, Entry> named = offered.computeIfAbsent(kind, k -> new TreeMap<>());
      for (Provider<?> provider : providers) {
        String name = provider.name();
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
          throw ThalwegException.usage(
              "Plugin %s offers %s '%s': a name is lower-case words with hyphens, and not one of "
                  + "%s.",
              origin, kind.label(), name, String.join(", ", RESERVED.stream().sorted().toList()));
        }
        Entry taken = named.getOrDefault(name, entries.get(kind).get(name));
        if (taken != null) {
          throw ThalwegException.usage(
              "Two plugins offer %s '%s': %s and %s. Remove one of them, or rename what it offers.",
              kind.label(), name, taken.origin(), origin);
        }
        named.put(name, new Entry(provider, origin));
      }
    }
  }
}
