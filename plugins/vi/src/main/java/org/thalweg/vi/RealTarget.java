package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.infer.RealMap;

/** A problem's log joint density as a function of the reals, its Jacobian counted. */
final class RealTarget {
  /** Rows that are evaluated at a time. */
  private static final int CHUNK = 2048;

  /**
   * Log-densities with their gradients.
   *
   * @param values {@code [N]}, in nats
   * @param gradients {@code [N, R]}
   */
  record Slopes(double[] values, Matrix gradients) {}

  private final Engine engine;
  private final LogDensityProblem problem;
  private final RealMap map;

  RealTarget(Engine engine, LogDensityProblem problem) {
    this.engine = engine;
    this.problem = problem;
    this.map = new RealMap(problem.parameters());
  }

  RealMap map() {
    return map;
  }

  LogDensityProblem problem() {
    return problem;
  }

  Engine engine() {
    return engine;
  }

  /** R. */
  int dimension() {
    return map.reals();
  }

  /** The log-density {@code [N]} of reals {@code [N, R]}: log joint plus log |det dx/dy|. */
  NDArray logDensity(Tape tape, NDArray y) {
    Mapped mapped = map.fromReals(y);
    NDArray joint = problem.logJoint().logDensity(tape, mapped.value());
    Shape wanted = new Shape(y.getShape().get(0));
    if (!joint.getShape().equals(wanted)) {
      throw ThalwegException.usage(
          "Target '%s' returns log-densities of shape %s for %d values of its parameters; it must "
              + "return one number each, %s.",
          problem.name(), joint.getShape(), wanted.get(0), wanted);
    }
    return joint.add(mapped.logAbsDet());
  }

  /** The log-density of reals {@code [N, R]}. */
  double[] logDensity(Matrix y) {
    double[] out = new double[y.rows()];
    for (int from = 0; from < out.length; from += CHUNK) {
      Matrix some = y.slice(from, Math.min(out.length, from + CHUNK));
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        double[] values = engine.hostView(logDensity(tape, constant(tape, some))).toDoubles();
        System.arraycopy(values, 0, out, from, values.length);
      }
    }
    return out;
  }

  /** The log-density of a few reals {@code [N, R]} with its gradient. */
  Slopes slopes(Matrix y) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray leaf = tape.variable(constant(tape, y));
      NDArray values = logDensity(tape, leaf);
      tape.backward(values.sum());
      double[] gradient = engine.hostView(tape.gradient(leaf)).toDoubles();
      return new Slopes(
          engine.hostView(values).toDoubles(), new Matrix(y.rows(), y.columns(), gradient));
    }
  }

  /** Some parameters, in the user's units, short enough to read. */
  String show(double[] y) {
    double[] x = map.fromReals(Matrix.of(y)).values().row(0);
    StringBuilder out = new StringBuilder("(");
    int from = 0;
    for (ParameterBlock block : problem.parameters()) {
      int to = from + block.size();
      String numbers =
          IntStream.range(from, Math.min(to, from + 3))
              .mapToObj(i -> "%.4g".formatted(x[i]))
              .collect(Collectors.joining(", "));
      out.append(from == 0 ? "" : ", ").append(block.name()).append(" = ").append(numbers);
      out.append(block.size() > 3 ? ", ..." : "");
      from = to;
    }
    return out.append(")").toString();
  }

  static NDArray constant(Tape tape, Matrix rows) {
    return tape.constant(rows.values(), new Shape(rows.rows(), rows.columns()));
  }
}
