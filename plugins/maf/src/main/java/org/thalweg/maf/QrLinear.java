package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Constant;
import org.thalweg.toolkit.nn.Ops;

/**
 * {@code y = Q R x + b}, with Q a product of Householder reflections and R upper triangular with a
 * positive diagonal (Tomczak and Welling, 2016, section 3.2; Hoogeboom and others, 2019, section
 * 3.3). The log-determinant is the sum of the logarithms of R's diagonal. It starts as a random
 * rotation or reflection.
 */
final class QrLinear implements TrainableTransform {
  /** Keeps the matrix invertible. */
  private static final double SMALLEST_DIAGONAL = 1e-3;

  private final int reflections;
  private final Constant identity;
  private final Constant above;
  private final Parameter vectors;
  private final Parameter factor;
  private final Parameter bias;

  QrLinear(ParameterScope scope, int dimension, int reflections) {
    this.reflections = reflections;
    identity = Constant.mask(dimension, dimension, (i, j) -> i == j);
    above = Constant.mask(dimension, dimension, (i, j) -> i < j);
    vectors =
        scope.parameter(
            "reflections",
            new Shape(reflections, dimension),
            (size, random) -> random.doubles(size, -1, 1).toArray());
    double one = Math.log(Math.expm1(1 - SMALLEST_DIAGONAL));
    factor =
        scope.parameter(
            "factor",
            new Shape(dimension, dimension),
            (size, random) -> {
              double[] out = new double[size];
              for (int i = 0; i < dimension; i++) {
                out[i * (dimension + 1)] = one;
              }
              return out;
            });
    bias = scope.parameter("bias", new Shape(dimension), Initializer.ZEROS);
  }

  @Override
  public ConditionalTransform bind(Binding binding) {
    Tape tape = binding.tape();
    NDArray one = identity.on(tape);
    NDArray packed = tape.parameter(factor);
    NDArray diagonal = Ops.softplus(packed.mul(one).sum(new int[] {1})).add(SMALLEST_DIAGONAL);
    NDArray r = packed.mul(above.on(tape)).add(one.mul(diagonal));
    NDArray matrix = reflected(tape.parameter(vectors), r);
    Transform bound = new MatrixMap(matrix, tape.parameter(bias), diagonal.log().sum());
    return context -> bound;
  }

  /** {@code (I - 2 v v' / |v|^2) M} for one v after the other. */
  private NDArray reflected(NDArray all, NDArray matrix) {
    NDArray lengths = all.square().sum(new int[] {1}, true).maximum(1e-30);
    NDArray scaled = all.mul(2).div(lengths);
    NDArray out = matrix;
    for (int k = 0; k < reflections; k++) {
      NDIndex row = new NDIndex("{}:{}", k, k + 1);
      out = out.sub(scaled.get(row).transpose().matMul(all.get(row).matMul(out)));
    }
    return out;
  }
}
