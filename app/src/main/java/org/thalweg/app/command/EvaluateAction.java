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
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.fit.Provenance;
import org.thalweg.app.table.Ingest;
import org.thalweg.app.table.Needed;
import org.thalweg.app.table.RowReader;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
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
      Optional<Held> held = held(arguments, model, loaded.provenance(), table);
      Judge judge = new Judge(model, densities, named, settings.seed());
      long refused;
      if (held.isPresent()) {
        judge.add(held.get().rows(), i -> true);
        refused = held.get().refused() + judge.refused;
      } else {
        RowReader reader = new RowReader(table, Needed.forScoring(model.schema()));
        reader.read(CHUNK, chunk -> judge.add(reader.rows(chunk), i -> reader.usable(chunk[i])));
        refused = judge.refused;
      }
      if (judge.count == 0) {
        throw ThalwegException.data(
            "None of the rows of %s can be scored: each holds a missing or an infinite value, or one "
                + "outside its column's bounds.",
            table.label());
      }
      long rows = held.map(Held::tableRows).orElse(judge.count + judge.refused);
      EvaluateCommand.Part part = held.map(Held::part).orElse(EvaluateCommand.Part.all);
      judge.warnings.stream().limit(3).forEach(warning -> console.warn("%s", warning));
      print(arguments, judge, named, rows, refused, part, model.schema().features().size());
      return ExitCode.OK;
    }
  }

  /**
   * A part of the table that was trained on.
   *
   * @param rows its rows
   * @param part which part
   * @param tableRows rows of the whole table
   * @param refused rows of the whole table that were left out
   */
  private record Held(Rows rows, EvaluateCommand.Part part, long tableRows, long refused) {}

  /** Finds the rows of the part that is asked for, if the table is the one that was trained on. */
  private Optional<Held> held(
      EvaluateCommand arguments, Model model, Map<String, Object> stored, Table table) {
    if (arguments.rows == EvaluateCommand.Part.all) {
      console.info("All rows are judged, also those that the model may have been trained on.");
      return Optional.empty();
    }
    Optional<Provenance> provenance = Provenance.of(stored);
    Seed seed = new Seed(model.card().seed());
    Optional<Ingest> read =
        provenance
            .filter(p -> Needed.has(table, model.schema()))
            .map(p -> Ingest.read(table, model.schema(), p.limit(), seed));
    boolean same = read.isPresent() && read.get().digest().equals(provenance.get().digest());
    if (!same) {
      if (arguments.rows != null) {
        throw ThalwegException.usage(
            "%s is not the table that '%s' was trained on, so it has no %s rows. Use --rows all.",
            table.label(), arguments.model.model, arguments.rows);
      }
      console.warn(
          "the table is not, row for row, the one that was trained on: all its rows are judged. If "
              + "training rows are among them, the figure flatters the model.");
      return Optional.empty();
    }
    EvaluateCommand.Part part = arguments.rows == null ? EvaluateCommand.Part.test : arguments.rows;
    Partition parts = Splitter.split(read.get().data(), provenance.get().split(), seed);
    int[] indices =
        switch (part) {
          case train -> parts.train();
          case validation -> parts.validation();
          default -> parts.test();
        };
    if (indices.length == 0 && arguments.rows == null) {
      console.warn("the model was trained without test rows: all rows of its table are judged.");
      return Optional.empty();
    }
    if (indices.length == 0) {
      throw ThalwegException.usage(
          "'%s' was trained with the split %s, which has no %s rows.",
          arguments.model.model, provenance.get().split(), part);
    }
    Rows rows = read.get().data().rows().select(indices);
    return Optional.of(new Held(rows, part, read.get().rows(), read.get().refused()));
  }

  /** Mean and variance in one pass (Welford 1962). */
  private static final class Judge {
    private final Model model;
    private final LogDensity densities;
    private final LogDensity.Named named;
    private final Seed seed;
    private final java.util.Set<String> warnings = new java.util.LinkedHashSet<>();
    private long chunks;
    private long refused;
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
          count++;
          double before = value - mean;
          mean += before / count;
          squares += before * (value - mean);
        }
      }
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
      EvaluateCommand.Part part,
      int dimensions) {
    double bits = -judge.mean / (dimensions * Math.log(2));
    String kind = named.relation().name().toLowerCase(Locale.ROOT);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("rows", rows);
    values.put("rows_refused", refused);
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
