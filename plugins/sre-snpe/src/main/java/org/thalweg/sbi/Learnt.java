package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.DifferentiablePotential;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Workers;

/**
 * A net with its weights, and the scales of what goes into it.
 *
 * @param engine where it computes
 * @param store its weights
 * @param net what is learnt
 * @param space the parameters as it sees them
 * @param features what a likelihood or a ratio sees of them
 * @param scale the observations as it sees them
 * @param workers what it computes with
 */
record Learnt(
    Engine engine,
    ParameterStore store,
    Net net,
    ParameterSpace space,
    PointFeatures features,
    ObservationScale scale,
    Workers workers) {
  /** Rows of one evaluation: enough to amortise a call, few enough to stay in the cache. */
  private static final int CHUNK = 1024;

  /** Rows drawn at a time: a walk through the columns costs by the call. */
  private static final int DRAWN = 4096;

  /**
   * Scores of pairs, in nats.
   *
   * @param points {@code N * dimension} numbers
   * @param observations {@code N * size} numbers, scaled
   */
  double[] score(double[] points, double[] observations) {
    int n = points.length / space.dimension();
    int chunks = (n + CHUNK - 1) / CHUNK;
    List<double[]> parts =
        workers.map(
            chunks,
            k -> {
              int from = (int) ((long) n * k / chunks);
              int to = (int) ((long) n * (k + 1) / chunks);
              try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
                NDArray z = slice(tape, points, from, to, space.dimension());
                NDArray x = slice(tape, observations, from, to, scale.size());
                return engine.hostView(net.score(Binding.evaluate(tape), z, x)).toDoubles();
              }
            });
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** Scores of pairs with their gradients with respect to the points. */
  DifferentiablePotential.Gradient gradient(double[] points, double[] observations) {
    int p = space.dimension();
    int n = points.length / p;
    int chunks = (n + CHUNK - 1) / CHUNK;
    List<DifferentiablePotential.Gradient> parts =
        workers.map(
            chunks,
            k -> {
              int from = (int) ((long) n * k / chunks);
              int to = (int) ((long) n * (k + 1) / chunks);
              try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
                NDArray z = tape.variable(slice(tape, points, from, to, p));
                NDArray x = slice(tape, observations, from, to, scale.size());
                NDArray score = net.score(Binding.evaluate(tape), z, x);
                double[] values = engine.hostView(score).toDoubles();
                tape.backward(score.sum());
                return new DifferentiablePotential.Gradient(
                    values, engine.hostView(tape.gradient(z)).toDoubles());
              }
            });
    double[] values = new double[n];
    double[] gradients = new double[n * p];
    int next = 0;
    for (DifferentiablePotential.Gradient part : parts) {
      System.arraycopy(part.values(), 0, values, next, part.values().length);
      System.arraycopy(part.gradients(), 0, gradients, next * p, part.gradients().length);
      next += part.values().length;
    }
    return new DifferentiablePotential.Gradient(values, gradients);
  }

  /**
   * Points drawn from a posterior's density.
   *
   * @param perObservation K
   * @param observations {@code N * size} numbers, scaled
   * @return {@code N * K * dimension} numbers, K consecutive points for each observation; a point
   *     that is not finite is NaN in all its coordinates
   */
  double[] draw(int perObservation, double[] observations, Seed seed) {
    int p = space.dimension();
    int n = observations.length / scale.size();
    int drawsAtOnce = Math.max(1, Math.min(DRAWN, perObservation));
    int observationsAtOnce = Math.max(1, DRAWN / drawsAtOnce);
    int parts = (perObservation + drawsAtOnce - 1) / drawsAtOnce;
    int groups = (n + observationsAtOnce - 1) / observationsAtOnce;
    double[] out = new double[n * perObservation * p];
    workers.map(
        groups * parts,
        k -> {
          int from = k / parts * observationsAtOnce;
          int to = Math.min(n, from + observationsAtOnce);
          int drawn = k % parts * drawsAtOnce;
          int draws = Math.min(drawsAtOnce, perObservation - drawn);
          double[] values;
          try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
            NDArray x = slice(tape, observations, from, to, scale.size());
            values =
                engine
                    .hostView(
                        ((Net.OfPosterior) net)
                            .density()
                            .bind(Binding.evaluate(tape))
                            .given(Context.of(x))
                            .sampleWithLogDensity(draws, seed.child(k))
                            .value())
                    .toDoubles();
          }
          for (int i = from; i < to; i++) {
            System.arraycopy(
                values, (i - from) * draws * p, out, (i * perObservation + drawn) * p, draws * p);
          }
          return k;
        });
    return out;
  }

  private static NDArray slice(Tape tape, double[] values, int from, int to, int columns) {
    double[] part = Arrays.copyOfRange(values, from * columns, to * columns);
    return tape.constant(part, new Shape(to - from, columns));
  }

  /** Scaled observations, each repeated so many times in a row. */
  double[] repeated(Matrix observations, int times) {
    double[] scaled = scale.apply(observations);
    int x = scale.size();
    double[] out = new double[scaled.length * times];
    for (int i = 0; i < out.length / x; i++) {
      System.arraycopy(scaled, i / times * x, out, i * x, x);
    }
    return out;
  }
}
