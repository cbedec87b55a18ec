package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.table.Labels;
import org.thalweg.app.table.MissingValues;
import org.thalweg.app.table.Needed;
import org.thalweg.app.table.RowReader;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.model.ModelFile;

/** Judges a model by the mean log-density of rows. */
public final class EvaluateAction implements Action<EvaluateCommand> {
  private static final int CHUNK = 16_384;

  private final Settings settings;
  private final Console console;
  private final Models models;
  private final Provider<Workspace> workspaces;

  @Inject
  EvaluateAction(
      Settings settings, Console console, Models models, Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.models = models;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(EvaluateCommand arguments) {
    ModelFile.Loaded loaded = models.load(arguments.model.model);
    try (Model model = loaded.model();
        Workspace workspace = workspaces.get()) {
      LogDensity densities = model.as(LogDensity.class);
      LogDensity.Named named =
          arguments.density == null
              ? densities.densities().get(0)
              : densities.density(arguments.density);
      Table table = new TableReader(workspace).open(arguments.table.query());
      Labels.warning(table, model.schema()).ifPresent(warning -> console.warn("%s", warning));
      Optional<Held> held =
          new Held.Finder(console, arguments.model.model, loaded)
              .find(table, Optional.ofNullable(arguments.rows));
      Judge judge = new Judge(model, densities, named, settings.seed());
      long refused;
      if (held.isPresent()) {
        judge.add(held.get().rows(), i -> true);
        refused = held.get().refused() + judge.refused;
      } else {
        RowReader reader =
            new RowReader(table, Needed.forScoring(table, model.schema()), MissingValues.KEPT);
        reader.read(
            CHUNK,
            chunk ->
                judge.add(
                    reader.rows(chunk).numberedFrom(judge.rows() + 1),
                    i -> reader.usable(chunk[i])));
        refused = judge.refused;
      }
      if (judge.count == 0) {
        throw Usable.none(table, judge.refused, judge.undefined, named);
      }
      long rows = held.map(Held::tableRows).orElse(judge.rows());
      Part part = held.map(Held::part).orElse(Part.all);
      judge.warnings.stream().limit(3).forEach(warning -> console.warn("%s", warning));
      if (judge.undefined > 0) {
        console.warn("%s.", Usable.undefined(judge.undefined, judge.rows(), named));
      }
      print(arguments, judge, named, rows, refused, part, model.schema().features().size());
      return ExitCode.OK;
    }
  }

  /** Mean and variance in one pass (Welford 1962). */
  private static final class Judge {
    private final Model model;
    private final LogDensity densities;
    private final LogDensity.Named named;
    private final Seed seed;
    private final java.util.Set<String> warnings = new java.util.LinkedHashSet<>();
    private long chunks;

    /** Without a log-density. */
    private long refused;

    /** Of these, those that the model may see. */
    private long undefined;

    private long count;
    private double mean;
    private double squares;

    Judge(Model model, LogDensity densities, LogDensity.Named named, Seed seed) {
      this.model = model;
      this.densities = densities;
      this.named = named;
      this.seed = seed.child("evaluate");
    }

    void add(Rows rows, java.util.function.IntPredicate readable) {
      Usable usable = Usable.of(model, rows, readable);
      warnings.addAll(usable.warnings());
      refused += rows.size() - usable.rows().length;
      int n = usable.rows().length;
      for (int from = 0; from < n; from += CHUNK) {
        int[] some =
            IntStream.range(from, Math.min(n, from + CHUNK)).map(i -> usable.rows()[i]).toArray();
        Seed own = seed.child(chunks++);
        Rows spread = Dequantiser.apply(rows.select(some), model.schema(), own);
        for (double value : densities.logDensity(named, spread, own).values()) {
          if (Double.isNaN(value)) {
            refused++;
            undefined++;
            continue;
          }
          count++;
          double before = value - mean;
          mean += before / count;
          squares += before * (value - mean);
        }
      }
    }

    long rows() {
      return count + refused;
    }

    double standardError() {
      return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    }
  }

  private void print(
      EvaluateCommand arguments,
      Judge judge,
      LogDensity.Named named,
      long rows,
      long refused,
      Part part,
      int dimensions) {
    double bits = -judge.mean / (dimensions * Math.log(2));
    String kind = named.relation().name().toLowerCase(Locale.ROOT);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("rows", rows);
    values.put("rows_refused", refused);
    values.put("rows_undefined", judge.undefined);
    values.put("rows_used", judge.count);
    values.put("part", part.name());
    values.put("may_include_training_rows", part.mayIncludeTrainingRows());
    values.put("mean_log_density", judge.mean);
    values.put("standard_error", judge.standardError());
    values.put("bits_per_dimension", bits);
    values.put("kind", kind);
    values.put("density", named.name());
    values.put("seed", settings.seed().value());
    TextTable text =
        new TextTable()
            .row("rows used", judge.count + " (" + part + ") of " + rows)
            .row("rows refused", refused)
            .row(
                "mean log-density",
                String.format(
                    Locale.ROOT, "%.4f +- %.4f nats a row", judge.mean, judge.standardError()))
            .row("bits per dimension", String.format(Locale.ROOT, "%.4f", bits))
            .row("density", named.name() + " (" + kind + ")");
    console.result(values, text.toString());
  }
}
