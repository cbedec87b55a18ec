package org.thalweg.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Projection;
import org.thalweg.app.table.Appender;
import org.thalweg.app.table.TableColumn;

/**
 * What a model says of rows besides their log-density: the cluster, its label where there were
 * labels, and the probability of each cluster; the distance from the manifold.
 */
record Extras(List<TableColumn> columns, List<Function<Rows, Cells>> parts) {
  private static final String CLUSTER = "cluster";
  private static final String CLUSTER_LABEL = "cluster_label";

  /** The cells of some rows. */
  @FunctionalInterface
  interface Cells {
    /** Adds the cells of one row. */
    void append(Appender appender, int row);
  }

  static Extras of(Model model) {
    List<TableColumn> columns = new ArrayList<>();
    List<Function<Rows, Cells>> parts = new ArrayList<>();
    if (model instanceof Assignment assignment) {
      List<String> classes = classes(model);
      columns.add(new TableColumn(CLUSTER, "BIGINT"));
      if (!classes.isEmpty()) {
        columns.add(new TableColumn(CLUSTER_LABEL, "VARCHAR"));
      }
      for (int c = 0; c < assignment.components(); c++) {
        columns.add(TableColumn.number("probability_" + c));
      }
      parts.add(rows -> clusters(assignment.probabilities(rows), classes));
    }
    if (model instanceof Projection projection) {
      columns.add(TableColumn.number("distance"));
      parts.add(rows -> distances(projection.distances(rows)));
    }
    return new Extras(columns, parts);
  }

  /** The classes that the first components stand for; none where there were no labels. */
  private static List<String> classes(Model model) {
    return model.schema().with(Role.LABEL).stream()
        .map(column -> column.kind())
        .filter(Kind.Classes.class::isInstance)
        .map(kind -> ((Kind.Classes) kind).values())
        .findFirst()
        .orElse(List.of());
  }

  private static Cells clusters(Matrix probabilities, List<String> classes) {
    return (appender, row) -> {
      if (!probabilities.finite(row)) {
        appender.skip(probabilities.columns() + (classes.isEmpty() ? 1 : 2));
        return;
      }
      int best = 0;
      for (int c = 1; c < probabilities.columns(); c++) {
        best = probabilities.get(row, c) > probabilities.get(row, best) ? c : best;
      }
      appender.add((long) best);
      if (!classes.isEmpty()) {
        Optional<String> label =
            best < classes.size() ? Optional.of(classes.get(best)) : Optional.empty();
        appender.add(label);
      }
      for (int c = 0; c < probabilities.columns(); c++) {
        appender.add(probabilities.get(row, c));
      }
    };
  }

  private static Cells distances(double[] distances) {
    return (appender, row) -> appender.add(distances[row]);
  }

  /** The cells of rows that are usable. */
  Cells of(Rows rows) {
    List<Cells> cells = parts.stream().map(part -> part.apply(rows)).toList();
    return (appender, row) -> cells.forEach(some -> some.append(appender, row));
  }
}
