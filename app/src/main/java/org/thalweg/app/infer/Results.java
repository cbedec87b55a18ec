package org.thalweg.app.infer;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.Versions;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Json;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.app.report.PosteriorReport;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.TableColumn;
import org.thalweg.app.table.TableWriter;
import org.thalweg.app.table.Workspace;
import org.thalweg.toolkit.infer.StoredDiagnostics;
import org.thalweg.toolkit.model.PosteriorFile;

/** Writes the results of an inference: all files together, so that none is of another run. */
final class Results {
  private static final String DRAWS = "draws";
  private static final String WEIGHT = "weight";

  private final Console console;
  private final Registry registry;
  private final Provider<Workspace> workspaces;

  @Inject
  Results(Console console, Registry registry, Provider<Workspace> workspaces) {
    this.console = console;
    this.registry = registry;
    this.workspaces = workspaces;
  }

  /** Writes the simulations so far of an inference that goes on. */
  void keep(ResultFiles files, List<String> names, SimulationTable table) {
    try (Workspace workspace = workspaces.get()) {
      Outputs.replace(
          files.simulated(), SimulationFile.writer(workspace, files.simulated(), names, table));
    }
  }

  /** Writes, and gives the summary. */
  Map<String, Object> write(ResultFiles files, Outcome outcome) {
    List<String> names = outcome.problem().problem().parameterNames();
    List<ParameterSummary> parameters =
        ParameterSummary.of(names, outcome.draws(), outcome.weighed());
    Map<String, Object> values = values(files, outcome, parameters);
    PosteriorReport report = report(outcome, parameters, names);
    try (Workspace workspace = workspaces.get()) {
      Columns draws = draws(names, outcome);
      load(workspace, DRAWS, draws.names(), draws.rows());
      String verdict = label(outcome.weighed().diagnostics().verdict());
      Map<Path, Outputs.Writer> writers = new LinkedHashMap<>();
      for (Path table : List.of(files.parquet(), files.csv())) {
        writers.put(
            table,
            new TableWriter(table)
                .noting(StoredVerdict.VERDICT, verdict)
                .writer(workspace, "SELECT * FROM " + DRAWS));
      }
      outcome
          .watch()
          .simulated()
          .or(outcome.posterior()::simulations)
          .ifPresent(
              table ->
                  writers.put(
                      files.simulations(),
                      SimulationFile.writer(workspace, files.simulations(), names, table)));
      writers.put(
          files.posterior(),
          file ->
              PosteriorFile.save(
                  file,
                  outcome.posterior(),
                  outcome.card(),
                  Optional.of(outcome.problem().source()),
                  registry,
                  Map.of(
                      StoredVerdict.DIAGNOSTICS,
                      StoredDiagnostics.toMap(outcome.weighed().diagnostics()),
                      "engine_reason",
                      outcome.engineReason(),
                      "versions",
                      new TreeMap<>(Versions.all()))));
      report
          .pictures()
          .forEach(
              (name, image) ->
                  writers.put(files.directory().resolve(name), PictureFile.writer(image)));
      writers.put(
          files.report(), file -> Files.writeString(file, report.html(), StandardCharsets.UTF_8));
      writers.put(
          files.summary(),
          file -> Files.writeString(file, Json.write(values), StandardCharsets.UTF_8));
      Outputs.replaceAll(writers);
    }
    return values;
  }

  private record Columns(List<String> names, Matrix rows) {}

  /** The parameters, and the weights that turn them into draws of the target, where there are. */
  private static Columns draws(List<String> names, Outcome outcome) {
    Matrix draws = outcome.draws();
    if (outcome.weighed().weights().isEmpty()) {
      return new Columns(names, draws);
    }
    double[] weights = outcome.weighed().weights().get().weights();
    boolean taken = names.stream().anyMatch(WEIGHT::equalsIgnoreCase);
    List<String> all = new ArrayList<>(names);
    all.add(taken ? "importance_" + WEIGHT : WEIGHT);
    Matrix rows = Matrix.zeros(draws.rows(), all.size());
    for (int i = 0; i < draws.rows(); i++) {
      System.arraycopy(draws.row(i), 0, rows.values(), i * all.size(), names.size());
      rows.values()[(i + 1) * all.size() - 1] = weights[i];
    }
    return new Columns(all, rows);
  }

  private static void load(Workspace workspace, String table, List<String> names, Matrix draws) {
    try (Appender appender =
        workspace.appender(table, names.stream().map(TableColumn::number).toList())) {
      for (int i = 0; i < draws.rows(); i++) {
        appender.begin();
        for (int j = 0; j < draws.columns(); j++) {
          appender.add(draws.get(i, j));
        }
        appender.end();
      }
    }
  }

  private PosteriorReport report(
      Outcome outcome, List<ParameterSummary> parameters, List<String> names) {
    boolean target = outcome.problem().problem() instanceof LogDensityProblem;
    return PosteriorReport.of(
        console,
        new PosteriorReport.Subject(
            outcome.card(),
            outcome.problem().problem(),
            names,
            outcome.weighed().diagnostics(),
            outcome.draws(),
            parameters,
            outcome.watch().simulations(),
            outcome.watch().failed(),
            outcome.seconds(),
            outcome.watch().trace().graph(target ? "lower bound (ELBO)" : "validation"),
            outcome.posterior().graphs()));
  }

  private static Map<String, Object> values(
      ResultFiles files, Outcome outcome, List<ParameterSummary> parameters) {
    Diagnostics diagnostics = outcome.weighed().diagnostics();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("method", outcome.card().estimator());
    out.put("problem", outcome.problem().problem().name());
    out.put("seed", outcome.card().seed());
    out.put("engine", outcome.card().engine());
    out.put("seconds", outcome.seconds());
    out.put("rounds", outcome.rounds());
    out.put("simulations", outcome.watch().simulations());
    out.put("simulations_failed", outcome.watch().failed());
    out.put("draws", outcome.draws().rows());
    out.put("verdict", label(diagnostics.verdict()));
    out.put("reasons", diagnostics.reasons());
    out.put("checks", diagnostics.checks().stream().map(Results::toMap).toList());
    out.put("diagnostics", diagnostics.figures());
    out.put("parameters", parameters.stream().map(ParameterSummary::toMap).toList());
    out.put("out", files.directory().toString());
    return out;
  }

  private static Map<String, Object> toMap(Check check) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", check.name());
    out.put("outcome", label(check.outcome()));
    check.value().ifPresent(value -> out.put("value", value));
    check
        .threshold()
        .ifPresent(
            threshold -> {
              out.put("threshold", threshold);
              out.put("passes", label(check.passes()));
            });
    out.put("sentence", check.sentence());
    return out;
  }

  private static String label(Enum<?> word) {
    return StoredVerdict.label(word);
  }
}
