package org.thalweg.app.fit;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.Versions;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.table.Ingest;
import org.thalweg.app.table.MissingValues;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.EngineChooser;
import org.thalweg.app.wiring.EngineTrial;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.model.CheckpointFile;
import org.thalweg.toolkit.model.ModelFile;

/** Fits a model to a table and writes its file: from a request to what is left on disk. */
public final class Fitting {
  /** Above, no split that leaves rows for training leaves but one. */
  private static final int FEW = 1000;

  private static final String ENGINE_REASON = "engine_reason";

  private final Settings settings;
  private final Console console;
  private final Interruption interruption;
  private final Registry registry;
  private final EngineChooser engines;
  private final Provider<EstimatorContext> contexts;
  private final Provider<Workspace> workspaces;

  @Inject
  Fitting(
      Settings settings,
      Console console,
      Interruption interruption,
      Registry registry,
      EngineChooser engines,
      Provider<EstimatorContext> contexts,
      Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.interruption = interruption;
    this.registry = registry;
    this.engines = engines;
    this.contexts = contexts;
    this.workspaces = workspaces;
  }

  /**
   * What a fit left.
   *
   * @param file the model file
   * @param values the result, by the names of the command's contract
   * @param diverged whether training diverged and the model is the last good one
   */
  public record Fitted(Path file, Map<String, Object> values, boolean diverged) {}

  /** Fits, and writes the model and pictures. */
  public Fitted fit(FitRequest request) {
    EstimatorProvider<?> provider = registry.estimator(request.estimator());
    Bound bound = bind(provider, request.options());
    request.table().file().ifPresent(data -> Outputs.requireOther(request.out(), data));
    Outputs.requireWritable(request.out());
    requireModel(request.out());
    Outputs.requireWritable(request.checkpoint());
    request.pictures().ifPresent(Outputs::requireDirectory);
    CheckpointFile checkpoint = checkpoint(request, bound.config());
    Ingest table = read(request, provider);
    requireTraining(table.data(), request.split());
    Dataset data = resolutions(request, bound.declare().apply(table.data()));
    FitOptions options =
        new FitOptions(settings.seed(), request.split(), request.timeLimit(), checkpoint);
    engines.measureWith(trial(provider, bound, data, options));
    EstimatorContext context = contexts.get();
    console.info(
        "Fitting %s to %d rows of %s, %d features, %d context columns, seed %d.",
        provider.name(),
        data.size(),
        request.table().label(),
        data.schema().features().size(),
        data.schema().contexts().size(),
        settings.seed().value());
    interruption.guard();
    try (FitWatch watch = new FitWatch(console, interruption);
        Model model = bound.estimator().apply(context).fit(data, options, watch)) {
      return keep(request, table, data, model, watch, checkpoint);
    }
  }

  /** What a fit would do, to be measured; nothing is written. */
  public EngineTrial trial(FitRequest request) {
    EstimatorProvider<?> provider = registry.estimator(request.estimator());
    Bound bound = bind(provider, request.options());
    Ingest table = read(request, provider);
    requireTraining(table.data(), request.split());
    Dataset data = resolutions(request, bound.declare().apply(table.data()));
    FitOptions options =
        new FitOptions(settings.seed(), request.split(), request.timeLimit(), Checkpoints.NONE);
    return trial(provider, bound, data, options);
  }

  private FitTrial trial(
      EstimatorProvider<?> provider, Bound bound, Dataset data, FitOptions options) {
    String work = provider.name() + " " + ConfigBinder.flatten(bound.config());
    return new FitTrial(work, bound.estimator(), registry, data, options);
  }

  private Fitted keep(
      FitRequest request,
      Ingest table,
      Dataset data,
      Model model,
      FitWatch watch,
      CheckpointFile checkpoint) {
    boolean diverged =
        watch.finished().filter(end -> end.stop() == FitEvent.Stop.DIVERGED).isPresent();
    Path file = diverged ? request.outOfDiverged() : request.out();
    Map<String, String> versions = new TreeMap<>(Versions.all());
    versions.put(ENGINE_REASON, engines.reason());
    Map<String, Object> provenance =
        Provenance.toMap(
            request.table(),
            table,
            limit(request, data),
            request.split(),
            missing(registry.estimator(request.estimator())),
            settings.engineOptions(),
            versions);
    FitHistory.put(provenance, watch.history());
    ModelFile.save(file, model, registry, provenance);
    checkpoint.delete();
    List<Path> pictures = new ArrayList<>();
    request
        .pictures()
        .ifPresent(
            directory ->
                pictures.addAll(
                    new FitPictures(console, settings.seed())
                        .write(directory, model, data, request.split(), watch.history())));
    return new Fitted(file, values(file, table, model, watch, pictures), diverged);
  }

  private Map<String, Object> values(
      Path file, Ingest table, Model model, FitWatch watch, List<Path> pictures) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("model", file.toString());
    out.put("estimator", model.card().estimator());
    out.put("seed", model.card().seed());
    out.put("engine", model.card().engine());
    out.put(ENGINE_REASON, engines.reason());
    out.put("rows", table.rows());
    out.put("rows_refused", table.refused());
    out.put("rows_kept", table.data().size());
    out.put("data_sha256", table.digest());
    model.card().metrics().forEach((name, value) -> out.put(name, whole(name, value)));
    watch.finished().ifPresent(end -> out.put("stop", end.stop().name().toLowerCase(Locale.ROOT)));
    out.put("pictures", pictures.stream().map(Path::toString).toList());
    return out;
  }

  /** Counts are whole numbers; metrics are kept as floating-point ones. */
  private static Object whole(String name, double value) {
    boolean count =
        name.equals("parameters")
            || name.equals("steps")
            || name.equals("dimension")
            || name.endsWith("_rows")
            || name.endsWith("crc32");
    if (count) {
      return (long) value;
    }
    return value;
  }

  private Ingest read(FitRequest request, EstimatorProvider<?> provider) {
    try (Workspace workspace = workspaces.get()) {
      Table table = new TableReader(workspace).open(request.table());
      Schema schema = request.columns().of(table, provider.roles());
      requireRoles(provider, schema);
      requireFeatures(provider, schema);
      int limit = Ingest.limit(request.maxRows(), schema.columns().size());
      Ingest read = Ingest.read(table, schema, missing(provider), limit, settings.seed());
      if (read.refused() > 0) {
        console.warn(
            "%d of %d rows hold a missing or an infinite value and are left out.",
            read.refused(), read.rows());
      }
      if (read.sampled()) {
        console.warn(
            "a random sample of %d of %d usable rows is used; --max-rows N raises it.",
            read.data().size(), read.rows() - read.refused());
      }
      return read;
    }
  }

  private static MissingValues missing(EstimatorProvider<?> provider) {
    return provider.missing() ? MissingValues.KEPT : MissingValues.LEFT_OUT;
  }

  /** Of few rows, a split may leave too few; the estimator that refuses them knows of no split. */
  private void requireTraining(Dataset data, Split split) {
    if (data.size() > FEW) {
      return;
    }
    int training = Splitter.split(data, split, settings.seed()).train().length;
    if (training < 2) {
      throw ThalwegException.usage(
          "The split %s leaves %d of %d usable rows for training; a density needs at least 2. "
              + "Give training more with --split, or use a table of more rows.",
          split, training, data.size());
    }
  }

  private static int limit(FitRequest request, Dataset data) {
    return Ingest.limit(request.maxRows(), data.schema().columns().size());
  }

  private Dataset resolutions(FitRequest request, Dataset data) {
    Resolutions resolutions = new Resolutions(console);
    if (request.dequantise()) {
      return resolutions.declare(data);
    }
    resolutions.warn(data);
    return data;
  }

  /** A model replaces a model, and nothing else that a user may have under that name. */
  private static void requireModel(Path out) {
    if (Files.exists(out)) {
      try {
        ModelFile.manifest(out);
      } catch (ThalwegException e) {
        throw ThalwegException.usage(
            "'%s' exists and is no intact model: it is not overwritten. Remove it, or name another "
                + "file.",
            out);
      }
    }
  }

  /** A column that an estimator does not look at must not seem to be used. */
  private static void requireRoles(EstimatorProvider<?> provider, Schema schema) {
    for (Column column : schema.columns()) {
      if (!provider.roles().contains(column.role())) {
        throw ThalwegException.usage(
            "Estimator '%s' makes no use of column '%s' in the role %s. Leave it out, or choose an "
                + "estimator that does.",
            provider.name(),
            column.name(),
            column.role().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      }
    }
  }

  private static void requireFeatures(EstimatorProvider<?> provider, Schema schema) {
    if (schema.features().size() < provider.fewestFeatures()) {
      throw ThalwegException.usage(
          "Estimator '%s' models at least %d columns together; there %s %d: %s.",
          provider.name(),
          provider.fewestFeatures(),
          schema.features().size() == 1 ? "is" : "are",
          schema.features().size(),
          String.join(", ", schema.features().stream().map(Column::name).toList()));
    }
  }

  private CheckpointFile checkpoint(FitRequest request, Record config) {
    Path file = request.checkpoint();
    boolean there = Files.exists(file);
    if (request.resume() && there) {
      console.info("Going on from '%s'.", file);
      // The state of another engine would give other bits.
      Map<String, Object> manifest = ModelFile.manifest(file);
      SameFit.require(file, manifest, request.estimator(), ConfigBinder.flatten(config));
      String engine = String.valueOf(manifest.get("engine"));
      String why =
          manifest.get("provenance") instanceof Map<?, ?> noted
              ? Objects.toString(noted.get(ENGINE_REASON), "")
              : "";
      engines.stayWith(engine.split(" ")[0], why);
    } else if (request.resume()) {
      console.warn("there is no checkpoint '%s'; starting afresh.", file);
    } else if (there) {
      console.warn("the checkpoint '%s' of an earlier fit is replaced; --resume goes on.", file);
    }
    return new CheckpointFile(
        file, request.resume(), registry, () -> Map.of(ENGINE_REASON, engines.reason()));
  }

  /** An estimator's options, and how it is made with them. */
  private record Bound(
      Record config,
      UnaryOperator<Dataset> declare,
      Function<EstimatorContext, Estimator> estimator) {}

  private static <C extends Record> Bound bind(
      EstimatorProvider<C> provider, Map<String, Object> options) {
    C config = ConfigBinder.bind(provider.defaults(), options);
    return new Bound(
        config,
        data -> provider.declare(config, data),
        context -> provider.create(config, context));
  }
}
