package org.thalweg.app.infer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.Outputs;
import org.thalweg.app.table.TableColumn;
import org.thalweg.app.table.TableWriter;
import org.thalweg.app.table.Workspace;

/**
 * Simulations as a table: the round, the outcome, the parameters, and the data, which a failed one
 * has none of.
 */
final class SimulationFile {
  private static final String TABLE = "simulations";

  private SimulationFile() {}

  /**
   * What writes the file.
   *
   * @param names the parameters'
   */
  static Outputs.Writer writer(
      Workspace workspace, Path file, List<String> names, SimulationTable table) {
    try (Appender appender = workspace.appender(TABLE, columns(names, table))) {
      for (int i = 0; i < table.rounds().length; i++) {
        appender.begin();
        appender.add((long) table.rounds()[i]);
        appender.add(Optional.of(table.outcomes().get(i)));
        for (double value : table.parameters().row(i)) {
          appender.add(value);
        }
        for (double value : table.data().row(i)) {
          appender.add(value);
        }
        appender.end();
      }
    }
    return new TableWriter(file).writer(workspace, "SELECT * FROM " + TABLE);
  }

  private static List<TableColumn> columns(List<String> names, SimulationTable table) {
    List<TableColumn> out = new ArrayList<>();
    out.add(new TableColumn("simulation_round", "BIGINT"));
    out.add(new TableColumn("simulation_outcome", "VARCHAR"));
    names.forEach(name -> out.add(TableColumn.number(name)));
    for (int j = 1; j <= table.data().columns(); j++) {
      out.add(TableColumn.number("simulated_" + j));
    }
    return out;
  }
}
