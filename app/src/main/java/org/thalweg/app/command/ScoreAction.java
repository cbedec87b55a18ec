package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Progress;
import org.thalweg.app.console.TextTable;
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
  private static final String STANDARD_ERROR = "_se";
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
      List<LogDensity.Named> named = named(densities, arguments.densities);
      Table table = new TableReader(workspace).open(arguments.table.query());
      Extras extras = Extras.of(model);
      List<TableColumn> added = added(named, extras);
      table.requireFree(added);
      List<TableColumn> all = new ArrayList<>(table.columns());
      all.addAll(added);
      writer.require(all);
      Labels.warning(table, model.schema()).ifPresent(warning -> console.warn("%s", warning));
      Tally tally = score(model, densities, named, table, extras);
      if (tally.of.stream().allMatch(one -> one.scored == 0)) {
        throw Usable.none(table, tally.rows, tally.of.get(0).undefined, named.get(0));
      }
      writer.write(
          workspace, "SELECT * FROM " + writer.copyOf(table) + " POSITIONAL JOIN " + SCORES);
      print(arguments, tally);
      return ExitCode.OK;
    }
  }

  /** The densities that are asked for, each once. */
  private static List<LogDensity.Named> named(LogDensity densities, List<String> asked) {
    return asked.isEmpty()
        ? List.of(densities.densities().get(0))
        : asked.stream().distinct().map(densities::density).toList();
  }

  /** What is counted on the way. */
  private static final class Tally {
    private final long start = System.nanoTime();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<DensityTally> of;
    private long rows;

    /** That the model may not see. */
    private long unusable;

    Tally(List<LogDensity.Named> named) {
      of = named.stream().map(DensityTally::new).toList();
    }

    double seconds() {
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  /** What is counted of one density. */
  private static final class DensityTally {
    private final LogDensity.Named named;
    private long scored;

    /** Of rows that the model may see, those without a log-density. */
    private long undefined;

    private long impossible;
    private double sum;

    DensityTally(LogDensity.Named named) {
      this.named = named;
    }

    void add(double[] values) {
      for (double value : values) {
        if (Double.isNaN(value)) {
          undefined++;
          continue;
        }
        scored++;
        sum += value;
        impossible += value == Double.NEGATIVE_INFINITY ? 1 : 0;
      }
    }

    double mean() {
      return sum / scored;
    }

    String kind() {
      return named.relation().name().toLowerCase(Locale.ROOT);
    }
  }

  private Tally score(
      Model model, LogDensity densities, List<LogDensity.Named> named, Table table, Extras extras) {
    List<TableColumn> added = added(named, extras);
    RowReader reader =
        new RowReader(table, Needed.forScoring(table, model.schema()), MissingValues.KEPT);
    Tally tally = new Tally(named);
    try (Appender appender = table.workspace().appender(SCORES, added);
        Progress progress = new Progress(console, "score", "rows", 0)) {
      reader.read(
          CHUNK,
          chunk -> {
            Rows rows = reader.rows(chunk).numberedFrom(tally.rows + 1);
            Usable usable = Usable.of(model, rows, i -> reader.usable(chunk[i]));
            tally.warnings.addAll(usable.warnings());
            Rows scored = rows.select(usable.rows());
            List<LogDensity.Scores> scores = new ArrayList<>();
            for (DensityTally one : tally.of) {
              scores.add(
                  densities.logDensity(one.named, scored, settings.seed().child(tally.rows)));
              one.add(scores.get(scores.size() - 1).values());
            }
            Scored cells = new Scored(named, scores, extras.of(scored));
            int width = added.size();
            usable.append(appender, rows.size(), width, row -> cells.append(appender, width, row));
            tally.rows += rows.size();
            tally.unusable += rows.size() - scored.size();
            progress.at(
                tally.rows,
                () -> String.format(Locale.ROOT, "mean log-density %.4f", tally.of.get(0).mean()));
          });
    }
    tally.warnings.stream().limit(3).forEach(warning -> console.warn("%s", warning));
    if (tally.unusable > 0) {
      console.warn(
          "%d of %d rows hold a missing or an infinite value, or one outside its column's bounds; "
              + "their log-density is left empty.",
          tally.unusable, tally.rows);
    }
    tally.of.forEach(one -> warn(one, tally.rows));
    return tally;
  }

  private void warn(DensityTally one, long rows) {
    if (one.undefined > 0) {
      console.warn("%s; it is left empty.", Usable.undefined(one.undefined, rows, one.named));
    }
    if (one.impossible > 0) {
      console.warn(
          "%d of %d rows have the density 0 under '%s'; their log-density is -Infinity, and so is the"
              + " mean.",
          one.impossible, rows, one.named.name());
    }
  }

  /** What is written of the usable rows of a chunk, in the order of {@link #added}. */
  private record Scored(
      List<LogDensity.Named> named, List<LogDensity.Scores> scores, Extras.Cells extras) {
    /** Where there is no log-density at all, nothing else is said of the row either. */
    void append(Appender appender, int cells, int row) {
      if (scores.stream().allMatch(of -> Double.isNaN(of.values()[row]))) {
        appender.skip(cells);
        return;
      }
      for (int k = 0; k < named.size(); k++) {
        boolean stochastic = named.get(k).stochastic();
        LogDensity.Scores of = scores.get(k);
        if (Double.isNaN(of.values()[row])) {
          appender.skip(stochastic ? 2 : 1);
          continue;
        }
        appender.add(of.values()[row]);
        if (stochastic) {
          appender.add(of.standardErrors().map(errors -> errors[row]).orElse(Double.NaN));
        }
      }
      extras.append(appender, row);
    }
  }

  /** Of several densities, the columns bear their names. */
  private static List<TableColumn> added(List<LogDensity.Named> named, Extras extras) {
    List<TableColumn> out = new ArrayList<>();
    for (LogDensity.Named one : named) {
      String column = named.size() == 1 ? LOG_DENSITY : LOG_DENSITY + "_" + one.name();
      out.add(TableColumn.number(column));
      if (one.stochastic()) {
        out.add(TableColumn.number(column + STANDARD_ERROR));
      }
    }
    out.addAll(extras.columns());
    return out;
  }

  /** The figures of one density stand where they always did; those of several also in a list. */
  private void print(ScoreCommand arguments, Tally tally) {
    DensityTally first = tally.of.get(0);
    double seconds = tally.seconds();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("out", arguments.out.toString());
    values.put("rows", tally.rows);
    values.put("rows_refused", tally.rows - first.scored);
    values.put("rows_undefined", first.undefined);
    values.put("mean_log_density", first.mean());
    values.put("density", first.named.name());
    values.put("kind", first.kind());
    if (tally.of.size() > 1) {
      values.put("densities", tally.of.stream().map(ScoreAction::figures).toList());
    }
    values.put("seed", settings.seed().value());
    values.put("seconds", seconds);
    TextTable text =
        new TextTable()
            .row("scores", arguments.out)
            .row("rows", tally.rows)
            .row("rows refused", tally.rows - first.scored);
    for (DensityTally one : tally.of) {
      text.row(
          tally.of.size() == 1 ? "mean log-density" : "mean log-density '" + one.named.name() + "'",
          String.format(Locale.ROOT, "%.4f nats a row", one.mean()));
    }
    text.row("rows a second", String.format(Locale.ROOT, "%.0f", tally.rows / seconds));
    console.result(values, text.toString());
  }

  private static Map<String, Object> figures(DensityTally one) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("density", one.named.name());
    out.put("kind", one.kind());
    out.put("mean_log_density", one.mean());
    out.put("rows_undefined", one.undefined);
    return out;
  }
}
