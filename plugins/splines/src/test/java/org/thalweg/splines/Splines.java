package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/** Evaluates splines on plain arrays: one spline for each value. */
final class Splines {
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));

  private Splines() {}

  enum Direction {
    FORWARD,
    INVERSE;

    Elementwise map(Univariate spline, Tape tape, NDArray x, NDArray parameters) {
      return this == FORWARD
          ? spline.forward(tape, x, parameters)
          : spline.inverse(tape, x, parameters);
    }
  }

  record Result(double[] value, double[] logDerivative) {}

  /** The map of each value with its own parameters, or with the same for all. */
  static Result map(
      Engine engine, Univariate spline, Direction direction, double[] x, double[] parameters) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Elementwise mapped =
          direction.map(
              spline,
              tape,
              tape.constant(x, new Shape(x.length, 1)),
              parameters(tape, spline, x.length, parameters));
      return new Result(
          engine.hostView(mapped.value()).toDoubles(),
          engine.hostView(mapped.logDerivative()).toDoubles());
    }
  }

  static NDArray parameters(Tape tape, Univariate spline, int n, double[] parameters) {
    int p = spline.parameterCount();
    double[] all = new double[n * p];
    for (int i = 0; i < all.length; i++) {
      all[i] = parameters[i % parameters.length];
    }
    return tape.constant(all, new Shape(n, 1, p));
  }

  static double[] normal(long seed, int n, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[n];
    for (int i = 0; i < n; i++) {
      out[i] = scale * random.nextGaussian();
    }
    return out;
  }

  static double[] uniform(long seed, int n, double bound) {
    return new SplittableRandom(seed).doubles(n, -bound, bound).toArray();
  }
}
