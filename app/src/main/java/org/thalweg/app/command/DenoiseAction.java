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
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.Model;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Progress;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.table.Appender;
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

/** Streams a table of noisy rows through a model of rows without noise. */
public final class DenoiseAction implements Action<DenoiseCommand> {
  private static final String DENOISED = "denoised";
  private static final String EFFECTIVE = "effective_sample_size";
  private static final int MOST_SAMPLES = 10_000;

  /** Draws in a chunk of rows, all of which are in memory. */
  private static final int DRAWS = 1 << 18;

  private static final int MOST_ROWS = 4096;

  private final Settings settings;
  private final Console console;
  private final Models models;
  private final Provider<Workspace> workspaces;

  @Inject
  DenoiseAction(Settings settings, Console console, Models models, Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.models = models;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(DenoiseCommand arguments) {
    if (arguments.samples < 1 || arguments.samples > MOST_SAMPLES) {
      throw ThalwegException.usage(
          "--samples must be from 1 to %d, got %d.", MOST_SAMPLES, arguments.samples);
    }
    Outputs.requireOther(arguments.out, arguments.model.model);
    TableWriter writer = new TableWriter(arguments.out);
    ModelFile.Loaded loaded = models.load(arguments.model.model);
    try (Model model = loaded.model();
        Workspace workspace = workspaces.get()) {
      LatentPosterior posterior = model.as(LatentPosterior.class);
      Table table = new TableReader(workspace).open(arguments.table.query());
      List<TableColumn> added = added(model, arguments.samples);
      table.requireFree(added);
      List<TableColumn> all = new ArrayList<>(table.columns());
      all.addAll(added);
      writer.require(all);
      Tally tally = denoise(model, posterior, table, added, arguments.samples);
      if (tally.rows == tally.refused) {
        throw ThalwegException.data(
            "None of the %d rows of %s can be denoised: each holds an infinite value, none at all, "
                + "or errors that are not sound.",
            tally.rows, table.label());
      }
      writer.write(
          workspace, "SELECT * FROM " + writer.copyOf(table) + " POSITIONAL JOIN " + DENOISED);
      print(arguments, tally);
      return ExitCode.OK;
    }
  }

  /** What is counted on the way. */
  private static final class Tally {
    private final long start = System.nanoTime();
    private final Set<String> warnings = new LinkedHashSet<>();
    private long rows;
    private long refused;
    private double effective;

    double meanEffective() {
      return effective / (rows - refused);
    }
  }

  private Tally denoise(
      Model model, LatentPosterior posterior, Table table, List<TableColumn> added, int samples) {
    RowReader reader =
        new RowReader(table, Needed.forScoring(table, model.schema()), MissingValues.KEPT);
    Tally tally = new Tally();
    int chunkSize = Math.max(1, Math.min(MOST_ROWS, DRAWS / samples));
    try (Appender appender = table.workspace().appender(DENOISED, added);
        Progress progress = new Progress(console, "denoise", "rows", 0)) {
      reader.read(
          chunkSize,
          chunk -> {
            Rows rows = reader.rows(chunk).numberedFrom(tally.rows + 1);
            Usable usable = Usable.of(model, rows, i -> reader.usable(chunk[i]));
            tally.warnings.addAll(usable.warnings());
            LatentPosterior.Draws draws =
                posterior.denoise(
                    rows.select(usable.rows()),
                    samples,
                    settings.seed().child("denoise").child(tally.rows));
            usable.append(
                appender, rows.size(), added.size(), row -> row(appender, draws, row, samples));
            for (double effective : draws.effectiveSampleSizes()) {
              tally.effective += effective;
            }
            tally.rows += rows.size();
            tally.refused += rows.size() - usable.rows().length;
            progress.at(tally.rows, () -> "");
          });
    }
    tally.warnings.stream().limit(3).forEach(warning -> console.warn("%s", warning));
    if (tally.refused > 0) {
      console.warn(
          "%d of %d rows hold an infinite value, none at all, or errors that are not sound; what "
              + "they were is left empty.",
          tally.refused, tally.rows);
    }
    return tally;
  }

  /** In the order of {@link #added}. */
  private static void row(Appender appender, LatentPosterior.Draws draws, int row, int samples) {
    int d = draws.means().columns();
    for (int j = 0; j < d; j++) {
      appender.add(draws.means().get(row, j));
      appender.add(draws.standardDeviations().get(row, j));
    }
    for (int j = 0; j < d; j++) {
      for (int s = 0; s < samples; s++) {
        appender.add(draws.samples().get(row * samples + s, j));
      }
    }
    appender.add(draws.effectiveSampleSizes()[row]);
  }

  private static List<TableColumn> added(Model model, int samples) {
    List<TableColumn> out = new ArrayList<>();
    List<Column> features = model.schema().features();
    for (Column feature : features) {
      out.add(TableColumn.number(feature.name() + "_mean"));
      out.add(TableColumn.number(feature.name() + "_sd"));
    }
    for (Column feature : features) {
      for (int s = 0; s < samples; s++) {
        out.add(TableColumn.number(feature.name() + "_sample_" + s));
      }
    }
    out.add(TableColumn.number(EFFECTIVE));
    return out;
  }

  private void print(DenoiseCommand arguments, Tally tally) {
    double seconds = (System.nanoTime() - tally.start) * 1e-9;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("out", arguments.out.toString());
    values.put("rows", tally.rows);
    values.put("rows_refused", tally.refused);
    values.put("samples", arguments.samples);
    values.put("mean_effective_sample_size", tally.meanEffective());
    values.put("seed", settings.seed().value());
    values.put("seconds", seconds);
    TextTable text =
        new TextTable()
            .row("denoised", arguments.out)
            .row("rows", tally.rows)
            .row("rows refused", tally.refused)
            .row(
                "effective samples",
                String.format(Locale.ROOT, "%.1f of %d", tally.meanEffective(), arguments.samples));
    console.result(values, text.toString());
  }
}
