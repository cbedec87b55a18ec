package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.fit.Provenance;
import org.thalweg.app.infer.StoredVerdict;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.app.report.Evidence;
import org.thalweg.app.report.Marginal;
import org.thalweg.app.report.Report;
import org.thalweg.app.report.Subject;
import org.thalweg.app.table.Ingest;
import org.thalweg.app.table.Labels;
import org.thalweg.app.table.MissingValues;
import org.thalweg.app.table.Needed;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.Table;
import org.thalweg.app.table.TableReader;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.model.ModelFile;

/** Writes a report on a model; the files of an earlier one are replaced together, at the end. */
public final class ReportAction implements Action<ReportCommand> {
  private static final String PAGE = "report.html";

  private final Settings settings;
  private final Console console;
  private final Models models;
  private final Registry registry;
  private final Provider<Workspace> workspaces;

  @Inject
  ReportAction(
      Settings settings,
      Console console,
      Models models,
      Registry registry,
      Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.models = models;
    this.registry = registry;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(ReportCommand arguments) {
    Outputs.requirePlace(arguments.out);
    Path page = arguments.out.resolve(PAGE);
    Outputs.requireOther(page, arguments.model.model);
    arguments.table.query().file().ifPresent(data -> Outputs.requireOther(page, data));
    ModelFile.Loaded loaded = models.load(arguments.model.model);
    try (Model model = loaded.model()) {
      Optional<Evidence> evidence =
          arguments.hasTable() ? Optional.of(evidence(arguments, loaded)) : Optional.empty();
      Subject subject =
          new Subject(
              arguments.model.model,
              model,
              loaded.provenance(),
              registry,
              evidence,
              settings.seed().child("report"));
      Report report = Report.of(console, subject);
      write(arguments.out, report);
      print(arguments, report, evidence, StoredVerdict.label(loaded));
      return ExitCode.OK;
    }
  }

  private Evidence evidence(ReportCommand arguments, ModelFile.Loaded loaded) {
    Model model = loaded.model();
    Seed seed = settings.seed().child("evidence");
    try (Workspace workspace = workspaces.get()) {
      Table table = new TableReader(workspace).open(arguments.table.query());
      Held held =
          new Held.Finder(console, arguments.model.model, loaded)
              .find(table, Optional.ofNullable(arguments.rows))
              .orElseGet(() -> all(loaded, table, seed));
      Labels.warning(table, model.schema()).ifPresent(warning -> console.warn("%s", warning));
      Usable usable = Usable.of(model, held.rows(), i -> true);
      usable.warnings().stream().limit(3).forEach(warning -> console.warn("%s", warning));
      if (usable.rows().length == 0) {
        throw ThalwegException.data(
            "None of the rows of %s can be used: each holds a missing or an infinite value, or one "
                + "outside its column's bounds.",
            table.label());
      }
      int[] chosen =
          IntStream.of(Splitter.shuffled(usable.rows().length, seed.child("order")))
              .limit(Subject.mostRows(model))
              .map(i -> usable.rows()[i])
              .toArray();
      Rows rows =
          Dequantiser.apply(held.rows().select(chosen), model.schema(), seed.child("noise"));
      return new Evidence(
          table.label(),
          held.part().name(),
          held.part().mayIncludeTrainingRows(),
          held.tableRows(),
          held.refused() + held.rows().size() - usable.rows().length,
          rows);
    }
  }

  /**
   * A random sample of all rows, as a report looks at no more. Where features may be missing says
   * the table of training; of a model from elsewhere, the model itself.
   */
  private static Held all(ModelFile.Loaded loaded, Table table, Seed seed) {
    Model model = loaded.model();
    MissingValues missing =
        Provenance.of(loaded.provenance()).map(Provenance::missing).orElse(MissingValues.KEPT);
    Schema needed = Needed.forScoring(table, model.schema());
    Ingest read = Ingest.read(table, needed, missing, Subject.mostRows(model), seed);
    return new Held(read.data().rows(), Part.all, read.rows(), read.refused());
  }

  private static void write(Path directory, Report report) {
    Outputs.requireDirectory(directory);
    Map<Path, Outputs.Writer> files = new LinkedHashMap<>();
    report
        .pictures()
        .forEach((name, image) -> files.put(directory.resolve(name), PictureFile.writer(image)));
    files.put(
        directory.resolve(PAGE),
        file -> Files.writeString(file, report.html(), StandardCharsets.UTF_8));
    Outputs.replaceAll(files);
  }

  private void print(
      ReportCommand arguments,
      Report report,
      Optional<Evidence> evidence,
      Optional<String> verdict) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("report", arguments.out.resolve(PAGE).toString());
    values.put(
        "pictures",
        report.pictures().keySet().stream()
            .map(name -> arguments.out.resolve(name).toString())
            .toList());
    TextTable text = new TextTable();
    verdict.ifPresent(
        label -> {
          values.put(StoredVerdict.VERDICT, label);
          text.row("verdict", label.replace('-', ' '));
        });
    text.row("report", arguments.out.resolve(PAGE));
    text.row("pictures", report.pictures().size());
    evidence.ifPresent(
        e -> {
          values.put("rows", e.tableRows());
          values.put("rows_refused", e.refused());
          values.put("rows_used", e.rows().size());
          values.put("part", e.part());
          values.put("may_include_training_rows", e.mayIncludeTrainingRows());
          text.row("rows used", e.rows().size() + " (" + e.part() + ") of " + e.tableRows());
        });
    values.put("samples", report.samples());
    values.put("columns", report.columns().stream().map(ReportAction::figures).toList());
    values.put("noise", report.noise().stream().map(ReportAction::figures).toList());
    values.put("seed", settings.seed().value());
    text.row("samples", report.samples());
    differ(text, "data against samples", report.columns());
    differ(text, "noise against the base", report.noise());
    console.result(values, text.toString());
  }

  private static void differ(TextTable text, String what, List<Marginal> marginals) {
    if (!marginals.isEmpty()) {
      text.row(what, Marginal.summary(marginals));
    }
  }

  private static Map<String, Object> figures(Marginal marginal) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", marginal.name());
    out.put("mean", marginal.observed().mean());
    out.put("expected_mean", marginal.expected().mean());
    out.put("standard_deviation", marginal.observed().standardDeviation());
    out.put("expected_standard_deviation", marginal.expected().standardDeviation());
    out.put("ks_statistic", marginal.test().statistic());
    out.put("p_value", marginal.test().pValue());
    return out;
  }
}
