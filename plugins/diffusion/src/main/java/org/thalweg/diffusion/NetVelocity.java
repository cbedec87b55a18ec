package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;

/**
 * The velocity of a trained net.
 *
 * @param engine where it is computed
 * @param net the net
 * @param dimension D
 * @param contexts standardised, {@code [N, contextSize]}
 * @param contextSize C, 0 where there is no context
 */
record NetVelocity(
    Engine engine, VelocityNet net, int dimension, double[] contexts, int contextSize)
    implements Velocity {
  @Override
  public double[] velocity(int[] rows, Angle[] at, double[] y) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      return values(tape, apply(tape, rows, at, y, Optional.empty()).value());
    }
  }

  @Override
  public Change change(int[] rows, Angle[] at, double[] y, Directions directions) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray along = along(tape, rows, directions);
      Dual out = apply(tape, rows, at, y, Optional.of(along));
      // v' J v for each direction, {@code [K, rows]}
      NDArray products = out.rates().orElseThrow().mul(along).sum(new int[] {2});
      return new Change(
          values(tape, out.value()), divergence(values(tape, products), rows.length, directions));
    }
  }

  /** Over all axes the products add up; random directions are estimates each. */
  private static double[] divergence(double[] products, int rows, Directions directions) {
    int k = directions.estimates();
    double[] out = new double[rows * k];
    for (int p = 0; p < products.length; p++) {
      out[p % rows * k + p / rows % k] += products[p];
    }
    return out;
  }

  private NDArray along(Tape tape, int[] rows, Directions directions) {
    if (directions instanceof Directions.Random random) {
      Shape shape = new Shape(random.estimates(), rows.length, dimension);
      return tape.constant(random.select(rows), shape);
    }
    if (directions instanceof Directions.Fresh fresh) {
      return tape.constant(fresh.values(), new Shape(1, rows.length, dimension));
    }
    double[] axes = new Directions.Axes(dimension).values();
    return tape.constant(axes, new Shape(dimension, 1, dimension));
  }

  private Dual apply(Tape tape, int[] rows, Angle[] at, double[] y, Optional<NDArray> rates) {
    double[] logRatios = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      logRatios[i] = at[i].logRatio();
    }
    NDArray state = tape.constant(y, new Shape(rows.length, dimension));
    NDArray time = tape.constant(logRatios, new Shape(rows.length, 1));
    return net.bind(Binding.evaluate(tape))
        .apply(new Dual(state, rates), time, context(tape, rows));
  }

  private Optional<NDArray> context(Tape tape, int[] rows) {
    if (contextSize == 0) {
      return Optional.empty();
    }
    double[] values = new double[rows.length * contextSize];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(contexts, rows[i] * contextSize, values, i * contextSize, contextSize);
    }
    return Optional.of(tape.constant(values, new Shape(rows.length, contextSize)));
  }

  private double[] values(Tape tape, NDArray array) {
    return tape.engine().hostView(array).toDoubles();
  }
}
