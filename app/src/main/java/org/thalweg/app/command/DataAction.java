package org.thalweg.app.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.app.Reason;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.published.DryRun;
import org.thalweg.app.published.Parts;
import org.thalweg.app.published.PublishedConfig;
import org.thalweg.app.published.PublishedSet;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.wiring.Settings;

/** Prepares a published set, tries its fit out, or lists all of them. */
public final class DataAction implements Action<DataCommand> {
  private static final double GIGA = 1 << 30;

  private final Settings settings;
  private final Console console;
  private final Registry registry;
  private final Provider<EstimatorContext> contexts;

  @Inject
  DataAction(
      Settings settings, Console console, Registry registry, Provider<EstimatorContext> contexts) {
    this.settings = settings;
    this.console = console;
    this.registry = registry;
    this.contexts = contexts;
  }

  @Override
  public ExitCode run(DataCommand arguments) {
    if (arguments.name == null) {
      list();
    } else if (arguments.dryRun != null) {
      dryRun(PublishedSet.of(arguments.name), arguments);
    } else {
      prepare(PublishedSet.of(arguments.name), arguments);
    }
    return ExitCode.OK;
  }

  private void list() {
    List<Object> sets = new ArrayList<>();
    TextTable text = new TextTable().row("set", "columns", "train", "validation", "test", "needs");
    for (PublishedSet set : PublishedSet.ALL) {
      sets.add(describe(set));
      text.row(set.name(), set.columns(), set.train(), set.validation(), set.test(), set.files());
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("sets", sets);
    console.result(values, text.toString());
  }

  private static Map<String, Object> describe(PublishedSet set) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("set", set.name());
    out.put("columns", set.columns());
    out.put("train_rows", set.train());
    out.put("validation_rows", set.validation());
    out.put("test_rows", set.test());
    out.put("files", set.files());
    out.put("published", set.published());
    return out;
  }

  private void prepare(PublishedSet set, DataCommand arguments) {
    if (arguments.from == null || arguments.out == null) {
      throw ThalwegException.usage(
          "thalweg data %s needs --from DIR, where the files lie (%s), and --out DIR.",
          set.name(), set.files());
    }
    directory(arguments.out);
    Path table = arguments.out.resolve(set.name() + ".npy");
    Outputs.requireWritable(table);
    Parts parts = set.read(arguments.from, settings.seed());
    parts.write(table);
    boolean complete = set.complete(parts) && parts.train().columns() == set.columns();
    if (!complete) {
      console.warn(
          "the published set has %d columns and %d, %d and %d rows for training, validation and"
              + " test; this one has %d and %d, %d and %d: figures are not comparable.",
          set.columns(),
          set.train(),
          set.validation(),
          set.test(),
          parts.train().columns(),
          parts.train().rows(),
          parts.validation().rows(),
          parts.test().rows());
    }
    Map<String, Object> values = describe(set);
    values.put("table", table.toString());
    values.put("complete", complete);
    TextTable text =
        new TextTable()
            .row("table", table)
            .row("training rows", parts.train().rows())
            .row("validation rows", parts.validation().rows())
            .row("test rows", parts.test().rows())
            .row("columns", parts.train().columns());
    List<String> commands = new ArrayList<>();
    for (String estimator : PublishedSet.CONFIGS) {
      Path config = new PublishedConfig(set, estimator).write(arguments.out);
      commands.add(command(estimator, table, config, parts));
      text.row(estimator, "published " + set.published().get(estimator) + " nats");
      text.row("", commands.get(commands.size() - 1));
    }
    values.put("commands", commands);
    console.result(values, text.toString());
  }

  private static String command(String estimator, Path table, Path config, Parts parts) {
    Split split = parts.split();
    return String.join(
        " ",
        "thalweg fit --estimator " + estimator,
        "--data " + table,
        "--config " + config,
        "--in-order --split " + split.train() + "," + split.validation() + "," + split.test(),
        "--max-rows " + parts.rows(),
        "--out " + config.toString().replace(".yaml", ".thalweg"));
  }

  private static void directory(Path out) {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot make the directory '" + out + "': " + Reason.of(e) + ".", e);
    }
  }

  private void dryRun(PublishedSet set, DataCommand arguments) {
    PublishedConfig config = new PublishedConfig(set, arguments.dryRun);
    DryRun dry = new DryRun(set, arguments.steps);
    console.info(
        "Fitting %s to %d made-up rows of %d columns for %d steps.",
        config.estimator(), set.rows(), set.columns(), arguments.steps);
    DryRun.Seen seen =
        dry.run(
            registry.estimator(config.estimator()),
            options(config),
            contexts.get(),
            settings.seed());
    Map<String, Object> values = describe(set);
    values.put("estimator", config.estimator());
    values.put("steps", arguments.steps);
    values.put("seconds_a_step", seen.secondsAStep());
    values.put("processor_seconds_a_step", seen.processorSecondsAStep());
    values.put("steps_of_the_fit", seen.ofAll());
    values.put("projected_seconds", seen.projectedSeconds());
    values.put("peak_bytes", seen.peakBytes());
    values.put("threads", settings.engineOptions().threads());
    TextTable text =
        new TextTable()
            .row("set", set.name() + ", made up: " + set.rows() + " x " + set.columns())
            .row("estimator", config.estimator())
            .row("threads", settings.engineOptions().threads())
            .row(
                "a step",
                number("%.3f s", seen.secondsAStep())
                    + number(", %.3f s of processor time", seen.processorSecondsAStep()))
            .row(
                "all " + seen.ofAll() + " steps",
                number("%.1f hours", seen.projectedSeconds() / 3600)
                    + ", besides validation and judging")
            .row("peak memory", number("%.2f GiB", seen.peakBytes() / GIGA))
            .row("published", set.published().get(config.estimator()) + " nats");
    console.result(values, text.toString());
  }

  private static Map<String, Object> options(PublishedConfig config) {
    try {
      Path directory = Files.createTempDirectory("thalweg-data");
      Path file = config.write(directory);
      try {
        return ConfigOptions.read(Optional.of(file), List.of());
      } finally {
        Files.delete(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot write a temporary file: " + Reason.of(e) + ".", e);
    }
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
