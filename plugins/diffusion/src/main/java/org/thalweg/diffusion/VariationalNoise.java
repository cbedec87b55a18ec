package org.thalweg.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.ParameterStore;

/**
 * The noise of variational dequantisation, q(u | x) on the unit box (Song and others, 2021, section
 * 5.2, eq. 13): draws of a conditional density over the reals, through a sigmoid.
 *
 * @param store its parameters
 * @param density over D numbers, given the rounded row, standardised, and the row's context
 * @param steps what the box is in the table
 */
record VariationalNoise(ParameterStore store, TrainableDensity density, Steps steps) {
  /**
   * The sigmoid of so many times a number is its normal distribution function, to 0.0095 (Camilli
   * 1994): a fresh density, which is about standard normal, is about uniform noise.
   */
  private static final double PROBIT = 1.702;

  /**
   * Spread rows.
   *
   * @param z standardised, {@code [N * K, D]}
   * @param logDensity log q(u | x), {@code [N * K]}
   */
  record Spread(NDArray z, NDArray logDensity) {}

  /**
   * Spreads rounded rows, differentiably in the noise's parameters.
   *
   * @param rounded the rounded rows, standardised, {@code [N, D]}, row-major
   * @param contexts standardised, {@code [N, C]}
   * @param each K, the draws for each row
   */
  Spread spread(Binding binding, double[] rounded, double[] contexts, int each) {
    Tape tape = binding.tape();
    int d = steps.dimension();
    int n = rounded.length / d;
    int c = contexts.length / Math.max(1, n);
    double[] given = new double[n * (d + c)];
    double[] centres = new double[n * each * d];
    for (int i = 0; i < n; i++) {
      System.arraycopy(rounded, i * d, given, i * (d + c), d);
      System.arraycopy(contexts, i * c, given, i * (d + c) + d, c);
      for (int k = 0; k < each; k++) {
        System.arraycopy(rounded, i * d, centres, (i * each + k) * d, d);
      }
    }
    Density bound =
        density.bind(binding).given(Context.of(tape.constant(given, new Shape(n, d + c))));
    Density.Draw draw = bound.sampleWithLogDensity(each, binding.seed());
    NDArray steep = draw.value().mul(PROBIT);
    NDArray logShare = Ops.logSigmoid(steep);
    NDArray logSlope =
        logShare.add(Ops.logSigmoid(steep.neg())).sum(new int[] {1}).add(d * Math.log(PROBIT));
    double[] widths = new double[d];
    Arrays.setAll(widths, steps::width);
    NDArray z =
        logShare
            .exp()
            .sub(0.5)
            .mul(tape.constant(widths, new Shape(1, d)))
            .add(tape.constant(centres, new Shape((long) n * each, d)));
    return new Spread(z, draw.logDensity().sub(logSlope));
  }

  /** The seed of one use. */
  static Binding evaluation(Tape tape, Seed seed) {
    return new Binding(tape, Binding.Mode.EVALUATE, seed);
  }
}
