package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.fit.FitRequest;
import org.thalweg.app.fit.Fitting;
import org.thalweg.app.table.Columns;
import org.thalweg.app.wiring.EngineChooser;

/** Measures a fit on each engine, and remembers what came of it for {@code --engine auto}. */
public final class BenchEnginesAction implements Action<BenchEnginesCommand> {
  private final Fitting fitting;
  private final EngineChooser engines;
  private final Console console;

  @Inject
  BenchEnginesAction(Fitting fitting, EngineChooser engines, Console console) {
    this.fitting = fitting;
    this.engines = engines;
    this.console = console;
  }

  @Override
  public ExitCode run(BenchEnginesCommand arguments) {
    Columns columns = arguments.columns.columns();
    FitRequest request =
        FitRequest.toMeasure(
            arguments.estimator,
            ConfigOptions.read(Optional.ofNullable(arguments.config), arguments.set),
            arguments.table.query(),
            columns);
    List<EngineChooser.Measured> figures = engines.measure(fitting.trial(request));
    if (figures.stream().allMatch(figure -> figure.rate().isEmpty())) {
      throw nothing(figures);
    }
    print(arguments.estimator, figures);
    return ExitCode.OK;
  }

  /** Exit code 4 where no engine can be used; where one could, that of what else is wrong. */
  private static ThalwegException nothing(List<EngineChooser.Measured> figures) {
    ExitCode code =
        figures.stream()
            .map(EngineChooser.Measured::code)
            .filter(each -> each != ExitCode.ENGINE)
            .findFirst()
            .orElse(ExitCode.ENGINE);
    List<String> reasons = figures.stream().map(EngineChooser.Measured::reason).distinct().toList();
    String text =
        reasons.size() == 1
            ? reasons.get(0)
            : figures.stream()
                .map(EngineChooser.Measured::toString)
                .collect(Collectors.joining("; "));
    return new ThalwegException(code, "No engine was measured: " + text + ".");
  }

  private void print(String estimator, List<EngineChooser.Measured> figures) {
    double most = figures.stream().mapToDouble(f -> f.rate().orElse(0)).max().orElseThrow();
    TextTable text = new TextTable().row("engine", "steps/s", "ms a step", "");
    List<Object> items = new ArrayList<>();
    for (EngineChooser.Measured figure : figures) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("engine", figure.engine());
      if (figure.rate().isPresent()) {
        double rate = figure.rate().getAsDouble();
        item.put("steps_per_second", rate);
        item.put("fastest", rate == most);
        text.row(
            figure.engine(),
            String.format(Locale.ROOT, "%.1f", rate),
            String.format(Locale.ROOT, "%.2f", 1000 / rate),
            rate == most ? "fastest" : "");
      } else {
        item.put("reason", figure.reason());
        text.row(figure.engine(), "-", "-", figure.reason());
      }
      items.add(item);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("estimator", estimator);
    values.put("engines", items);
    console.result(values, text.toString());
  }
}
