package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Progress;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.infer.StoredVerdict;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.ContextReader;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.TableColumn;
import org.thalweg.app.table.TableQuery;
import org.thalweg.app.table.TableWriter;
import org.thalweg.app.table.Workspace;
import org.thalweg.app.wiring.Settings;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.model.ModelFile;

/** Draws rows in chunks of a fixed size, each from a stream of its own. */
public final class SampleAction implements Action<SampleCommand> {
  private static final String SAMPLES = "samples";
  private static final int CHUNK = 16_384;

  private final Settings settings;
  private final Console console;
  private final Models models;
  private final Provider<Workspace> workspaces;

  @Inject
  SampleAction(Settings settings, Console console, Models models, Provider<Workspace> workspaces) {
    this.settings = settings;
    this.console = console;
    this.models = models;
    this.workspaces = workspaces;
  }

  @Override
  public ExitCode run(SampleCommand arguments) {
    if (arguments.count < 1) {
      throw ThalwegException.usage("-n must be at least 1, got %d.", arguments.count);
    }
    Outputs.requireOther(arguments.out, arguments.model.model);
    TableWriter writer = new TableWriter(arguments.out);
    ModelFile.Loaded loaded = models.load(arguments.model.model);
    Optional<String> verdict = StoredVerdict.label(loaded);
    try (Model model = loaded.model();
        Workspace workspace = workspaces.get()) {
      Sampler sampler =
          arguments.component == null
              ? model.as(Sampler.class)
              : model.as(Assignment.class).component(arguments.component);
      List<Column> contexts = model.schema().contexts();
      requireContext(arguments, contexts);
      List<Column> columns = new ArrayList<>(model.schema().features());
      columns.addAll(contexts);
      List<TableColumn> written = columns.stream().map(c -> TableColumn.number(c.name())).toList();
      writer.require(written);
      long refused = 0;
      Draw draw;
      try (Appender appender = workspace.appender(SAMPLES, written);
          Progress progress = new Progress(console, "sample", "rows", 0)) {
        draw = new Draw(arguments, sampler, model.schema(), appender, progress);
        if (contexts.isEmpty()) {
          draw.from(Matrix.zeros(1, 0));
        } else {
          Schema needed = contextSchema(contexts);
          refused =
              ContextReader.read(
                  workspace, TableQuery.of(arguments.contextData), needed, CHUNK, draw::from);
        }
      }
      if (refused > 0) {
        console.warn(
            "%d rows of '%s' hold a missing or an infinite value and are left out.",
            refused, arguments.contextData);
      }
      verdict
          .map(label -> writer.noting(StoredVerdict.VERDICT, label))
          .orElse(writer)
          .write(workspace, "SELECT * FROM " + SAMPLES);
      print(arguments, draw.rows, refused, verdict);
      return ExitCode.OK;
    }
  }

  /** The state of a drawing. */
  private final class Draw {
    private final long perContext;
    private final Sampler sampler;
    private final Appender appender;
    private final Progress progress;
    private final OptionalDouble[] steps;
    private long rows;
    private long chunks;

    Draw(
        SampleCommand arguments,
        Sampler sampler,
        Schema schema,
        Appender appender,
        Progress progress) {
      this.perContext = arguments.count;
      this.sampler = sampler;
      this.appender = appender;
      this.progress = progress;
      this.steps =
          schema.features().stream()
              .map(c -> arguments.round ? Dequantiser.step(c) : OptionalDouble.empty())
              .toArray(OptionalDouble[]::new);
    }

    /** Draws for contexts {@code [N, C]}. */
    void from(Matrix contexts) {
      int together = (int) Math.max(1, CHUNK / perContext);
      for (int from = 0; from < contexts.rows(); from += together) {
        Matrix some = contexts.slice(from, Math.min(contexts.rows(), from + together));
        for (long done = 0; done < perContext; done += CHUNK) {
          append((int) Math.min(CHUNK, perContext - done), some);
        }
      }
    }

    private void append(int count, Matrix contexts) {
      Seed seed = settings.seed().child("sample").child(chunks++);
      Matrix drawn = sampler.sample(count, contexts, seed);
      for (int i = 0; i < drawn.rows(); i++) {
        appender.begin();
        for (int j = 0; j < drawn.columns(); j++) {
          appender.add(rounded(drawn.get(i, j), steps[j]));
        }
        for (int j = 0; j < contexts.columns(); j++) {
          appender.add(contexts.get(i / count, j));
        }
        appender.end();
      }
      rows += drawn.rows();
      progress.at(rows, () -> "");
    }
  }

  /** Dividing by the reciprocal gives 0.3 where multiplying by 0.1 gives 0.30000000000000004. */
  private static double rounded(double value, OptionalDouble step) {
    if (step.isEmpty()) {
      return value;
    }
    double s = step.getAsDouble();
    double multiple = Math.rint(value / s);
    double reciprocal = Math.rint(1 / s);
    boolean fraction = s < 1 && Math.abs(reciprocal * s - 1) < 1e-12;
    return fraction ? multiple / reciprocal : multiple * s;
  }

  private static void requireContext(SampleCommand arguments, List<Column> contexts) {
    List<String> names = contexts.stream().map(Column::name).toList();
    if (!contexts.isEmpty() && arguments.contextData == null) {
      throw ThalwegException.usage(
          "The model '%s' is conditional: name a table with the column%s %s by --context-data.",
          arguments.model.model, names.size() == 1 ? "" : "s", String.join(", ", names));
    }
    if (contexts.isEmpty() && arguments.contextData != null) {
      throw ThalwegException.usage(
          "The model '%s' takes no context; leave --context-data out.", arguments.model.model);
    }
  }

  /** A schema needs a feature; here the contexts are all that is read. */
  private static Schema contextSchema(List<Column> contexts) {
    return new Schema(
        contexts.stream()
            .map(c -> new Column(c.name(), Role.FEATURE, c.kind(), c.resolution()))
            .toList());
  }

  private void print(SampleCommand arguments, long rows, long refused, Optional<String> verdict) {
    Path out = arguments.out;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("model", arguments.model.model.toString());
    values.put("out", out.toString());
    values.put("rows", rows);
    values.put("context_rows_refused", refused);
    verdict.ifPresent(label -> values.put(StoredVerdict.VERDICT, label));
    values.put("seed", settings.seed().value());
    TextTable text =
        new TextTable().row("samples", out).row("rows", rows).row("seed", settings.seed().value());
    console.result(values, text.toString());
  }
}
