package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.Posterior;

/** How much more mass a target has at draws of a posterior than the posterior itself. */
public final class ImportanceRatios {
  private static final int CHUNK = 2048;

  private ImportanceRatios() {}

  /**
   * Log joint minus log posterior density, in nats, for {@link Psis}.
   *
   * @param draws {@code [S, P]} of the posterior, in the user's units
   * @return {@code [S]}; empty where the problem is no log-density, or the posterior has no exact
   *     one
   */
  public static Optional<double[]> of(Posterior posterior, Matrix draws, Engine engine) {
    boolean exact = posterior.logDensityRelation().equals(Optional.of(LogDensity.Relation.EXACT));
    if (!exact || !(posterior.problem() instanceof LogDensityProblem target)) {
      return Optional.empty();
    }
    double[] out = new double[draws.rows()];
    for (int from = 0; from < out.length; from += CHUNK) {
      Matrix some = draws.slice(from, Math.min(out.length, from + CHUNK));
      double[] joint = joint(target, some, engine);
      double[] approximate = posterior.logDensity(some);
      for (int i = 0; i < joint.length; i++) {
        out[from + i] = joint[i] - approximate[i];
      }
    }
    return Optional.of(out);
  }

  private static double[] joint(LogDensityProblem target, Matrix draws, Engine engine) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray parameters = tape.constant(draws.values(), new Shape(draws.rows(), draws.columns()));
      return engine.hostView(target.logJoint().logDensity(tape, parameters)).toDoubles();
    }
  }
}
