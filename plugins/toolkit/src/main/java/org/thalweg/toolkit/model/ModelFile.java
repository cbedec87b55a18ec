package org.thalweg.toolkit.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.infer.PosteriorModel;

/**
 * A model as one file {@code NAME.thalweg}: a zip of {@code manifest.json}, which a person can
 * read, and {@code weights.safetensors}. Nothing in it is code, and no class is named.
 */
public final class ModelFile {
  private static final String FORMAT = "thalweg-model";
  private static final int VERSION = 1;

  private ModelFile() {}

  /**
   * A model and what was noted beside it.
   *
   * @param model the model, to be closed by the caller
   * @param provenance where it came from: data digest, split, versions
   */
  public record Loaded(Model model, Map<String, Object> provenance) {}

  /**
   * Writes a model, replacing a file of that name only when all is on disk.
   *
   * @param registry where the plugins that the model needs are looked up, to be named in the file
   * @param provenance what should be known about its origin; values as in {@link ModelWriter}
   * @throws ThalwegException exit code 2 where the file cannot be written
   */
  public static void save(
      Path file, Model model, Registry registry, Map<String, Object> provenance) {
    write(file, kind(model), model.card(), registry, provenance, model::save);
  }

  private static Registry.Kind kind(Model model) {
    return model instanceof PosteriorModel ? Registry.Kind.METHOD : Registry.Kind.ESTIMATOR;
  }

  /**
   * Reads a model; a posterior of a registered simulator or target is one too, see {@link
   * PosteriorFile}.
   *
   * @throws ThalwegException exit code 3 where the file is damaged, foreign, of a later format, or
   *     needs a plugin that is not there; 2 where there is no such file
   */
  public static Loaded load(Path file, EstimatorContext context) {
    Map<String, byte[]> entries = Archive.read(file);
    Map<String, Object> manifest = checked(file, entries);
    try {
      StoredState state = state(manifest, entries, context.registry());
      Map<String, Object> provenance = Manifest.map(manifest.get("provenance"));
      Model model =
          Manifest.maker(manifest) == Registry.Kind.METHOD
              ? PosteriorFile.model(file, state, provenance, context)
              : context.registry().estimator(state.card().estimator()).load(state, context);
      return new Loaded(model, provenance);
    } catch (ThalwegException e) {
      throw refused(file, manifest, context.registry(), e);
    }
  }

  /** The manifest alone: what {@code manifest.json} holds. */
  public static Map<String, Object> manifest(Path file) {
    return checked(file, Archive.read(file));
  }

  static void write(
      Path file,
      Registry.Kind kind,
      ModelCard card,
      Registry registry,
      Map<String, Object> provenance,
      Consumer<ModelWriter> content) {
    StateWriter state = new StateWriter();
    content.accept(state);
    requireNumbers(state.tensors, file);
    byte[] weights = SafeTensors.encode(state.tensors);
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", FORMAT);
    manifest.put("format_version", VERSION);
    manifest.put(kind.label(), card.estimator());
    manifest.put("config", ConfigBinder.flatten(card.config()));
    manifest.put("columns", Manifest.columns(card.schema()));
    manifest.put("seed", card.seed());
    manifest.put("engine", card.engine());
    manifest.put("metrics", finite(card.metrics()));
    manifest.put("plugins", plugins(card, registry));
    manifest.put("weights_sha256", Archive.digest(weights, weights.length));
    manifest.put("values", state.values);
    manifest.put("provenance", provenance);
    Archive.write(file, Manifest.encode(manifest), weights);
  }

  static StoredState read(Path file, Registry registry) {
    Map<String, byte[]> entries = Archive.read(file);
    return state(checked(file, entries), entries, registry);
  }

  private static StoredState state(
      Map<String, Object> manifest, Map<String, byte[]> entries, Registry registry) {
    Registry.Kind kind = Manifest.maker(manifest);
    String maker = Manifest.text(manifest, kind.label());
    Record config =
        ConfigBinder.bind(
            registry.entry(kind, maker).provider().defaults(),
            Manifest.map(manifest.get("config")));
    TreeMap<String, Double> metrics = new TreeMap<>();
    Map<String, Object> stored = Manifest.map(manifest.get("metrics"));
    stored.keySet().forEach(key -> metrics.put(key, Manifest.number(stored, key).doubleValue()));
    ModelCard card =
        new ModelCard(
            maker,
            config,
            Manifest.schema(manifest.get("columns")),
            Manifest.number(manifest, "seed").longValue(),
            Manifest.text(manifest, "engine"),
            metrics);
    SortedMap<String, Tensor> tensors = SafeTensors.decode(entries.get(Archive.WEIGHTS));
    return new StoredState(card, Manifest.map(manifest.get("values")), tensors);
  }

  private static Map<String, Object> checked(Path file, Map<String, byte[]> entries) {
    Map<String, Object> manifest = Manifest.decode(entries.get(Archive.MANIFEST));
    if (!FORMAT.equals(manifest.get("format"))) {
      throw ThalwegException.data("'%s' is not a Thalweg model file.", file);
    }
    int version = Manifest.number(manifest, "format_version").intValue();
    if (version > VERSION) {
      throw ThalwegException.data(
          "'%s' has format version %d, this Thalweg reads up to %d: use a newer one.",
          file, version, VERSION);
    }
    byte[] weights = entries.get(Archive.WEIGHTS);
    if (!Archive.digest(weights, weights.length).equals(manifest.get("weights_sha256"))) {
      throw ThalwegException.data("The weights in '%s' are not those of its manifest.", file);
    }
    return manifest;
  }

  /** The plugins whose estimator and parts the model uses, by what they offer. */
  private static Map<String, Object> plugins(ModelCard card, Registry registry) {
    Map<String, Object> out = new TreeMap<>();
    for (String name : needed(card)) {
      for (Registry.Kind kind : Registry.Kind.values()) {
        Registry.Entry entry = registry.all(kind).get(name);
        if (entry != null) {
          PluginOrigin origin = entry.origin();
          out.put(kind.label() + " " + name, origin.name() + " " + origin.version());
        }
      }
    }
    return out;
  }

  private static List<String> needed(ModelCard card) {
    List<String> names = new ArrayList<>(List.of(card.estimator()));
    choices(card.config(), names);
    return names;
  }

  private static void choices(Record config, List<String> names) {
    for (var component : config.getClass().getRecordComponents()) {
      Object value = ConfigBinder.read(config, component);
      if (value instanceof Choice choice) {
        names.add(choice.name());
      } else if (value instanceof List<?> list) {
        list.forEach(choice -> names.add(((Choice) choice).name()));
      } else if (value instanceof Record nested) {
        choices(nested, names);
      }
    }
  }

  /** Says which plugin is missing, if that is the reason. */
  private static ThalwegException refused(
      Path file, Map<String, Object> manifest, Registry registry, ThalwegException cause) {
    StringBuilder missing = new StringBuilder();
    Manifest.map(manifest.getOrDefault("plugins", Map.of()))
        .forEach(
            (what, plugin) -> {
              String[] words = what.split(" ", 2);
              boolean there =
                  Arrays.stream(Registry.Kind.values())
                      .filter(kind -> kind.label().equals(words[0]))
                      .anyMatch(kind -> registry.all(kind).containsKey(words[words.length - 1]));
              if (!there) {
                missing.append(
                    " It needs %s '%s' of plugin %s: put that plugin's jar into a plugin directory, or name its directory with --plugin-path."
                        .formatted(words[0], words[words.length - 1], plugin));
              }
            });
    String why = missing.isEmpty() ? " " + cause.getMessage() : missing.toString();
    return new ThalwegException(ExitCode.DATA, "Cannot load '" + file + "'." + why, cause);
  }

  /** JSON has no other numbers; a figure that is left out was not measured. */
  private static SortedMap<String, Double> finite(SortedMap<String, Double> metrics) {
    SortedMap<String, Double> out = new TreeMap<>(metrics);
    out.values().removeIf(value -> !Double.isFinite(value));
    return out;
  }

  private static void requireNumbers(SortedMap<String, Tensor> tensors, Path file) {
    tensors.forEach(
        (name, tensor) -> {
          for (double value : tensor.toDoubles()) {
            if (Double.isNaN(value)) {
              throw ThalwegException.data(
                  "'%s' was not written: the array '%s' holds NaN.", file, name);
            }
          }
        });
  }
}
