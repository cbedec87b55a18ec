package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.RealMap;
import org.thalweg.toolkit.train.ParameterStore;

/**
 * A density of the reals: a trainable one in the units of a frame.
 *
 * @param engine where it computes
 * @param store its weights
 * @param density of u
 * @param frame the units
 */
record Approximation(Engine engine, ParameterStore store, TrainableDensity density, Frame frame) {
  /** Rows that are computed at a time. */
  private static final int CHUNK = 4096;

  /**
   * Draws.
   *
   * @param reals {@code [N, R]}
   * @param logDensity {@code [N]}, over the reals, in nats
   */
  record Drawn(Matrix reals, double[] logDensity) {}

  /** A fresh one. */
  static Approximation build(
      Family family, Frame frame, Engine engine, Registry registry, Seed seed) {
    ParameterStore store = new ParameterStore(engine, seed);
    Shape event = new Shape(frame.dimension());
    TrainableDensity density = family.build(new BuildContext(event, new Shape(0), store, registry));
    return new Approximation(engine, store, density, frame);
  }

  /** The density of u on a tape. */
  Density bind(Tape tape, Binding.Mode mode, Seed seed) {
    return density.bind(new Binding(tape, mode, seed)).given(Context.none());
  }

  Drawn draw(int n, Seed seed) {
    Matrix u = Matrix.zeros(n, frame.dimension());
    double[] logDensity = new double[n];
    for (int from = 0; from < n; from += CHUNK) {
      int count = Math.min(CHUNK, n - from);
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Density.Draw draw =
            bind(tape, Binding.Mode.EVALUATE, seed)
                .sampleWithLogDensity(count, seed.child(from / CHUNK));
        double[] values = engine.hostView(draw.value()).toDoubles();
        System.arraycopy(values, 0, u.values(), from * frame.dimension(), values.length);
        double[] logs = engine.hostView(draw.logDensity()).toDoubles();
        System.arraycopy(logs, 0, logDensity, from, count);
      }
    }
    double volume = frame.logAbsDet();
    for (int i = 0; i < n; i++) {
      logDensity[i] -= volume;
    }
    return new Drawn(frame.apply(u), logDensity);
  }

  /** The log-density of reals {@code [N, R]}. */
  double[] logDensity(Matrix reals) {
    Matrix u = frame.invert(reals);
    double volume = frame.logAbsDet();
    double[] out = new double[u.rows()];
    for (int from = 0; from < out.length; from += CHUNK) {
      Matrix some = u.slice(from, Math.min(out.length, from + CHUNK));
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        Density q = bind(tape, Binding.Mode.EVALUATE, new Seed(0));
        NDArray values = q.logDensity(RealTarget.constant(tape, some));
        double[] logs = engine.hostView(values).toDoubles();
        for (int i = 0; i < logs.length; i++) {
          out[from + i] = logs[i] - volume;
        }
      }
    }
    return out;
  }

  /** The log-density of parameters {@code [N, P]} in the user's units. */
  double[] logDensity(RealMap map, Matrix parameters) {
    RealMap.Points reals = map.toReals(parameters);
    double[] out = logDensity(reals.values());
    for (int i = 0; i < out.length; i++) {
      boolean inside = map.contains(parameters.row(i));
      out[i] = inside ? out[i] + reals.logAbsDet()[i] : Double.NEGATIVE_INFINITY;
    }
    return out;
  }
}
