package org.thalweg.vi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Flow;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.RealMap;

/**
 * What a flow does to a grid of noise, in the plane ("Variational inference with flows", Figure 9).
 */
final class WarpedGrid {
  private static final int LINES = 9;
  private static final int POINTS = 60;

  /** How far the grid of standard noise reaches. */
  private static final double REACH = 2.5;

  private WarpedGrid() {}

  /**
   * The grid before and after, of an approximation over two reals that stand for two numbers; none
   * of others.
   */
  static List<Graph> of(Approximation approximation, RealMap map, List<String> names) {
    if (map.reals() != 2 || map.size() != 2) {
      return List.of();
    }
    Matrix noise = Matrix.zeros(2 * LINES * POINTS, 2);
    for (int line = 0; line < 2 * LINES; line++) {
      double across = place(line % LINES, LINES);
      for (int i = 0; i < POINTS; i++) {
        double along = place(i, POINTS);
        int at = 2 * (line * POINTS + i);
        noise.values()[at] = line < LINES ? across : along;
        noise.values()[at + 1] = line < LINES ? along : across;
      }
    }
    return warp(approximation, noise)
        .map(reals -> List.of(before(noise), after(map.fromReals(reals).values(), names)))
        .orElse(List.of());
  }

  private static double place(int i, int of) {
    return REACH * (2.0 * i / (of - 1) - 1);
  }

  private static Optional<Matrix> warp(Approximation approximation, Matrix noise) {
    try (Tape tape = approximation.engine().newTape(Tape.Mode.EVALUATE)) {
      if (!(approximation.bind(tape, Binding.Mode.EVALUATE, new Seed(0)) instanceof Flow flow)) {
        return Optional.empty();
      }
      var warped = flow.transform().inverse(RealTarget.constant(tape, noise)).value();
      double[] u = approximation.engine().hostView(warped).toDoubles();
      return Optional.of(approximation.frame().apply(new Matrix(noise.rows(), 2, u)));
    }
  }

  private static Graph before(Matrix noise) {
    return new Graph(
        "noise-grid",
        "A grid of standard noise, before the flow bends it.",
        "first noise",
        "second noise",
        lines(noise));
  }

  private static Graph after(Matrix points, List<String> names) {
    return new Graph(
        "warped-grid",
        "Where the flow takes the grid of noise: lines are close where the posterior is dense.",
        names.get(0),
        names.get(1),
        lines(points));
  }

  private static List<Graph.Line> lines(Matrix points) {
    List<Graph.Line> lines = new ArrayList<>();
    for (int line = 0; line < 2 * LINES; line++) {
      Matrix own = points.slice(line * POINTS, (line + 1) * POINTS);
      String label = line < LINES ? "first noise fixed" : "second noise fixed";
      lines.add(new Graph.Line(label, Graph.Style.LINE, own.column(0), own.column(1)));
    }
    return lines;
  }
}
