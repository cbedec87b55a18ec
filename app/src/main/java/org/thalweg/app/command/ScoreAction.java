package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Progress;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.infer.StoredVerdict;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.Labels;
import org.thalweg.app.table.MissingValues;
import org.thalweg.app.table.Needed;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.RowReader;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableColumn;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.TableWriter;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.model.ModelFile;

/** Streams a table through a model: the memory does not depend on the number of rows. */
public final class ScoreAction implements Action<ScoreCommand> {
  private static final String LOG_DENSITY = "log_density";
  private static final String STANDARD_ERROR = "log_density_se";
  private static final String SCORES = "scores";
  private static final int CHUNK = 16_384;

  private final Settings settings;
  private final Console console;
  private final Models models;
  private final Provider<Workspace> workspaces;

  @Inject
  ScoreAction(Settings settings, Console console, Models models, Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.models = models;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(ScoreCommand arguments) {
    Outputs.requireOther(arguments.out, arguments.model.model);
    TableWriter writer = new TableWriter(arguments.out);
    ModelFile.Loaded loaded = models.load(arguments.model.model);
    try (Model model = loaded.model();
        Workspace workspace = workspaces.get()) {
      LogDensity densities = model.as(LogDensity.class);
      LogDensity.Named named =
          arguments.density == null
              ? densities.densities().get(0)
              : densities.density(arguments.density);
      Table table = new TableReader(workspace).open(arguments.table.query());
      Extras extras = Extras.of(model);
      List<TableColumn> added = added(named, extras);
      table.requireFree(added);
      List<TableColumn> all = new ArrayList<>(table.columns());
      all.addAll(added);
      writer.require(all);
      Labels.warning(table, model.schema()).ifPresent(warning -> console.warn("%s", warning));
      Tally tally = score(model, densities, named, table, extras);
      if (tally.rows == tally.refused) {
        throw Usable.none(table, tally.rows, tally.undefined, named);
      }
      writer.write(
          workspace, "SELECT * FROM " + writer.copyOf(table) + " POSITIONAL JOIN " + SCORES);
      print(arguments, named, tally, StoredVerdict.label(loaded));
      return ExitCode.OK;
    }
  }

  /** What is counted on the way. */
  private static final class Tally {
    private final long start = System.nanoTime();
    private final Set<String> warnings = new LinkedHashSet<>();
    private long rows;

    /** Without a log-density. */
    private long refused;

    /** Of these, those that the model may see. */
    private long undefined;

    private long impossible;
    private double sum;

    double seconds() {
      return (System.nanoTime() - start) * 1e-9;
    }

    double mean() {
      return sum / (rows - refused);
    }
  }

  private Tally score(
      Model model, LogDensity densities, LogDensity.Named named, Table table, Extras extras) {
    List<TableColumn> added = added(named, extras);
    RowReader reader =
        new RowReader(table, Needed.forScoring(table, model.schema()), MissingValues.KEPT);
    Tally tally = new Tally();
    try (Appender appender = table.workspace().appender(SCORES, added);
        Progress progress = new Progress(console, "score", "rows", 0)) {
      reader.read(
          CHUNK,
          chunk -> {
            Rows rows = reader.rows(chunk);
            Usable usable = Usable.of(model, rows, i -> reader.usable(chunk[i]));
            tally.warnings.addAll(usable.warnings());
            Rows scored = rows.select(usable.rows());
            LogDensity.Scores scores =
                densities.logDensity(named, scored, settings.seed().child(tally.rows));
            Scored cells = new Scored(named, scores, extras.of(scored));
            int width = added.size();
            usable.append(appender, rows.size(), width, row -> cells.append(appender, width, row));
            tally.rows += rows.size();
            tally.refused += rows.size() - scored.size();
            for (double value : scores.values()) {
              if (Double.isNaN(value)) {
                tally.refused++;
                tally.undefined++;
                continue;
              }
              tally.sum += value;
              tally.impossible += value == Double.NEGATIVE_INFINITY ? 1 : 0;
            }
            progress.at(
                tally.rows,
                () -> String.format(Locale.ROOT, "mean log-density %.4f", tally.mean()));
          });
    }
    tally.warnings.stream().limit(3).forEach(warning -> console.warn("%s", warning));
    if (tally.refused > tally.undefined) {
      console.warn(
          "%d of %d rows hold a missing or an infinite value, or one outside its column's bounds; "
              + "their log-density is left empty.",
          tally.refused - tally.undefined, tally.rows);
    }
    if (tally.undefined > 0) {
      console.warn("%s; it is left empty.", Usable.undefined(tally.undefined, tally.rows, named));
    }
    if (tally.impossible > 0) {
      console.warn(
          "%d of %d rows have the density 0 under '%s'; their log-density is -Infinity, and so is the"
              + " mean.",
          tally.impossible, tally.rows, named.name());
    }
    return tally;
  }

  /** What is written of the usable rows of a chunk, in the order of {@link #added}. */
  private record Scored(LogDensity.Named named, LogDensity.Scores scores, Extras.Cells extras) {
    /** Where there is no log-density, nothing else is said of the row either. */
    void append(Appender appender, int cells, int row) {
      if (Double.isNaN(scores.values()[row])) {
        appender.skip(cells);
        return;
      }
      appender.add(scores.values()[row]);
      if (named.stochastic()) {
        appender.add(scores.standardErrors().map(errors -> errors[row]).orElse(Double.NaN));
      }
      extras.append(appender, row);
    }
  }

  private static List<TableColumn> added(LogDensity.Named named, Extras extras) {
    List<TableColumn> out = new ArrayList<>();
    out.add(TableColumn.number(LOG_DENSITY));
    if (named.stochastic()) {
      out.add(TableColumn.number(STANDARD_ERROR));
    }
    out.addAll(extras.columns());
    return out;
  }

  private void print(
      ScoreCommand arguments, LogDensity.Named named, Tally tally, Optional<String> verdict) {
    double seconds = tally.seconds();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("out", arguments.out.toString());
    values.put("rows", tally.rows);
    values.put("rows_refused", tally.refused);
    values.put("rows_undefined", tally.undefined);
    values.put("mean_log_density", tally.mean());
    values.put("density", named.name());
    verdict.ifPresent(label -> values.put(StoredVerdict.VERDICT, label));
    values.put("kind", named.relation().name().toLowerCase(Locale.ROOT));
    values.put("seed", settings.seed().value());
    values.put("seconds", seconds);
    TextTable text =
        new TextTable()
            .row("scores", arguments.out)
            .row("rows", tally.rows)
            .row("rows refused", tally.refused)
            .row("mean log-density", String.format(Locale.ROOT, "%.4f nats a row", tally.mean()))
            .row("rows a second", String.format(Locale.ROOT, "%.0f", tally.rows / seconds));
    console.result(values, text.toString());
  }
}
