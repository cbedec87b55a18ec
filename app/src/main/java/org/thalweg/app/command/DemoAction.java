package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.demo.Ring;
import org.thalweg.app.fit.FitRequest;
import org.thalweg.app.fit.Fitting;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.Columns;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.TableColumn;
import org.thalweg.app.table.TableQuery;
import org.thalweg.app.table.TableWriter;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.data.Splitter;

/** Generates data whose density is known, fits it as a user would, and compares. */
public final class DemoAction implements Action<DemoCommand> {
  private static final String ESTIMATOR = "nsf-coupling";
  private static final int ROWS = 40_000;
  private static final List<String> NAMES = List.of("x", "y");

  /** Enough for the ring in half a minute on two cores; the defaults are for harder tables. */
  private static final Map<String, Object> OPTIONS =
      Map.of(
          "epochs", 16,
          "batch-size", 512,
          "learning-rate", 0.005,
          "patience", 0,
          "layers", 2,
          "linear", "none",
          "univariate.bins", 20);

  /** On a busy machine the demo is to end in time too. */
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private final Settings settings;
  private final Console console;
  private final Fitting fitting;
  private final Provider<Workspace> workspaces;

  @Inject
  DemoAction(Settings settings, Console console, Fitting fitting, Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.fitting = fitting;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(DemoCommand arguments) {
    Outputs.requireDirectory(arguments.out);
    Path data = arguments.out.resolve("ring.csv");
    Matrix points = Ring.sample(ROWS, settings.seed().child("ring"));
    write(data, points);
    FitRequest request =
        new FitRequest(
            ESTIMATOR,
            OPTIONS,
            TableQuery.of(data),
            new Columns(Optional.empty(), List.of(), Map.of()),
            false,
            Split.DEFAULT,
            OptionalInt.empty(),
            Optional.of(LIMIT),
            arguments.out.resolve("ring.thalweg"),
            false,
            Optional.of(arguments.out));
    Fitting.Fitted fitted = fitting.fit(request);
    if (fitted.diverged()) {
      throw new ThalwegException(ExitCode.DIVERGED, "Training diverged; that is a defect here.");
    }
    print(data, fitted, truth(points));
    return ExitCode.OK;
  }

  /** The true mean log-density of the rows that the fit held out. */
  private double truth(Matrix points) {
    Schema schema = new Schema(NAMES.stream().map(Column::feature).toList());
    Dataset table = new Dataset(schema, Rows.of(points));
    int[] test = Splitter.split(table, Split.DEFAULT, settings.seed()).test();
    return Arrays.stream(Ring.logDensity(points.select(test))).average().orElseThrow();
  }

  private void write(Path file, Matrix points) {
    TableWriter writer = new TableWriter(file);
    try (Workspace workspace = workspaces.get()) {
      List<TableColumn> columns = NAMES.stream().map(TableColumn::number).toList();
      try (Appender appender = workspace.appender("ring", columns)) {
        for (int i = 0; i < points.rows(); i++) {
          appender.begin();
          appender.add(points.get(i, 0));
          appender.add(points.get(i, 1));
          appender.end();
        }
      }
      writer.write(workspace, "SELECT * FROM ring");
    }
  }

  private void print(Path data, Fitting.Fitted fitted, double truth) {
    Map<String, Object> values = new LinkedHashMap<>(fitted.values());
    values.put("data", data.toString());
    values.put("true_test_log_density", truth);
    values.put("true_mean_log_density", Ring.MEAN_LOG_DENSITY);
    values.put("time_limited", "time_limit".equals(values.get("stop")));
    double found = values.get("test_log_density") instanceof Double mean ? mean : Double.NaN;
    values.put("difference", found - truth);
    TextTable text =
        new TextTable()
            .row("data", data)
            .row("held-out log-density", nats(found))
            .row("truth on the same rows", nats(truth))
            .row("truth in the mean", nats(Ring.MEAN_LOG_DENSITY) + " (analytic)")
            .row("difference", nats(found - truth));
    String newline = System.lineSeparator();
    console.result(values, FitText.of(fitted.values()) + newline + newline + text);
  }

  private static String nats(double value) {
    return String.format(Locale.ROOT, "%+.4f nats a row", value);
  }
}
