package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.TextTable;
import org.thalweg.app.fit.FitRequest;
import org.thalweg.app.fit.Fitting;
import org.thalweg.app.table.Outputs;

/** Fits over a grid of options; what validation rows say of each fit stands in one table. */
public final class ScanAction implements Action<ScanCommand> {
  private static final int MOST_FITS = 1000;
  private static final String VALIDATION = "validation_";

  private final Fitting fitting;
  private final Console console;

  @Inject
  ScanAction(Fitting fitting, Console console) {
    this.fitting = fitting;
    this.console = console;
  }

  @Override
  public ExitCode run(ScanCommand arguments) {
    List<Map<String, String>> grid = grid(arguments.over);
    Outputs.requireDirectory(arguments.out);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < grid.size(); i++) {
      console.info("Fit %d of %d: %s.", i + 1, grid.size(), grid.get(i));
      Fitting.Fitted fitted = fitting.fit(request(arguments, grid.get(i), i + 1));
      Map<String, Object> row = new LinkedHashMap<>(grid.get(i));
      fitted
          .values()
          .forEach(
              (name, value) -> {
                if (name.startsWith(VALIDATION) || name.equals("seconds")) {
                  row.put(name, value);
                }
              });
      row.put("model", fitted.file().toString());
      rows.add(row);
      write(arguments.out.resolve("scan.csv"), rows);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("estimator", arguments.estimator);
    values.put("out", arguments.out.resolve("scan.csv").toString());
    values.put("fits", rows);
    console.result(values, text(rows));
    return ExitCode.OK;
  }

  /** All combinations, the last option changing fastest. */
  private static List<Map<String, String>> grid(List<String> over) {
    List<Map<String, String>> out = List.of(Map.of());
    for (String option : over) {
      int equals = option.indexOf('=');
      if (equals < 1 || equals == option.length() - 1) {
        throw ThalwegException.usage(
            "--over takes an option and its values, such as --over sigma=0.02,0.05; got '%s'.",
            option);
      }
      String key = option.substring(0, equals).strip();
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> before : out) {
        if (before.containsKey(key)) {
          throw ThalwegException.usage("--over names the option '%s' twice.", key);
        }
        for (String value : option.substring(equals + 1).split(",")) {
          Map<String, String> one = new LinkedHashMap<>(before);
          one.put(key, value.strip());
          more.add(one);
        }
      }
      out = more;
    }
    if (out.size() > MOST_FITS) {
      throw ThalwegException.usage(
          "--over asks for %d fits; at most %d are made in one scan.", out.size(), MOST_FITS);
    }
    return out;
  }

  private static FitRequest request(ScanCommand arguments, Map<String, String> own, int number) {
    Map<String, Object> options =
        new LinkedHashMap<>(ConfigOptions.read(Optional.empty(), arguments.set));
    options.putAll(own);
    return new FitRequest(
        arguments.estimator,
        options,
        arguments.table.query(),
        arguments.columns.columns(),
        false,
        Words.split(arguments.split, Split.Order.RANDOM),
        OptionalInt.empty(),
        Optional.empty(),
        arguments.out.resolve(number + ".thalweg"),
        false,
        Optional.empty());
  }

  private static Set<String> columns(List<Map<String, Object>> rows) {
    Set<String> out = new LinkedHashSet<>();
    rows.forEach(row -> out.addAll(row.keySet()));
    return out;
  }

  private static void write(Path file, List<Map<String, Object>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", columns(rows)));
    for (Map<String, Object> row : rows) {
      lines.add(
          String.join(
              ",",
              columns(rows).stream()
                  .map(name -> String.valueOf(row.getOrDefault(name, "")))
                  .toList()));
    }
    Outputs.replace(
        file,
        temporary -> {
          try {
            Files.write(temporary, lines);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static String text(List<Map<String, Object>> rows) {
    TextTable table = new TextTable();
    List<String> shown =
        columns(rows).stream().filter(name -> !name.equals(VALIDATION + "rows")).toList();
    table.row(shown.stream().map(name -> name.replace(VALIDATION, "")).toArray());
    for (Map<String, Object> row : rows) {
      table.row(
          shown.stream()
              .map(
                  name ->
                      row.get(name) instanceof Double number
                          ? String.format(Locale.ROOT, "%.4f", number)
                          : row.getOrDefault(name, ""))
              .toArray());
    }
    return table.toString();
  }
}
