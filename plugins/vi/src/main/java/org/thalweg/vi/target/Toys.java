package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.BinaryOperator;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.Values;
import org.thalweg.toolkit.nn.Ops;

/**
 * Densities on the line and in the plane whose shape is known ("Variational inference with flows",
 * section VI-A).
 */
final class Toys {
  private static final String PAPER =
      "Segonne: Variational Inference using Normalizing Flows, section VI-A";

  /** What the paper's pictures of energies 2 to 4 show of z1. */
  private static final Support PICTURE = new Support.Interval(-4, 4);

  /** A density of the numbers z1 and z2. */
  private record Plane(Support first, BinaryOperator<NDArray> logDensity) implements BayesianModel {
    @Override
    public List<ParameterBlock> parameters() {
      return List.of(new ParameterBlock("z1", 1, first), ParameterBlock.real("z2"));
    }

    @Override
    public NDArray logJoint(Values values) {
      return values.total(logDensity.apply(values.get("z1"), values.get("z2")));
    }
  }

  /** x = z^2 + noise of deviation 0.1 is 0.5, with a standard normal prior. */
  private record Root() implements BayesianModel {
    @Override
    public List<ParameterBlock> parameters() {
      return List.of(ParameterBlock.real("z"));
    }

    @Override
    public NDArray logJoint(Values values) {
      NDArray z = values.get("z");
      return values.total(LogDensities.normal(z.square(), 0.5, 0.1), LogDensities.normal(z, 0, 1));
    }
  }

  private Toys() {}

  static List<NamedTarget> all() {
    return List.of(
        NamedTarget.free(
            "multimodal-1d",
            "the root of a noisy square: two modes, eq. 81",
            PAPER,
            data -> new Root()),
        plane("gaussian-mixture", "two normals of unlike shape and weight", Toys::unequal),
        plane("gaussian-mixture-symmetric", "two normals alike, eq. 84", Toys::symmetric),
        plane("banana", "a normal along a parabola, eq. 85", Toys::banana),
        plane("circle", "a ring denser on two sides, eq. 86 with energy 1's signs", Toys::circle),
        plane("energy-1", "a ring that is dense on two sides alone, eq. 87", Toys::energy1),
        wave("energy-2", "a sine wave for z1 from -4 to 4, eq. 87", Toys::energy2),
        wave("energy-3", "a sine wave with a loop for z1 from -4 to 4, eq. 87", Toys::energy3),
        wave("energy-4", "a sine wave that parts for z1 from -4 to 4, eq. 87", Toys::energy4));
  }

  private static NamedTarget plane(
      String name, String summary, BinaryOperator<NDArray> logDensity) {
    return NamedTarget.free(name, summary, PAPER, data -> new Plane(Support.REAL, logDensity));
  }

  /** Energies 2 to 4 are as high for all z1: no density but on a part of the plane. */
  private static NamedTarget wave(String name, String summary, BinaryOperator<NDArray> logDensity) {
    return NamedTarget.free(name, summary, PAPER, data -> new Plane(PICTURE, logDensity));
  }

  /**
   * 0.4 N((-1, 1.5), [[0.6, 0.2], [0.2, 0.5]]) + 0.6 N((1, -1), [[0.5, -0.3], [-0.3, 0.7]]). The
   * paper shows a mixture without its numbers.
   */
  private static NDArray unequal(NDArray z1, NDArray z2) {
    NDArray a = normal(z1.add(1), z2.sub(1.5), 0.6, 0.2, 0.5).add(Math.log(0.4));
    NDArray b = normal(z1.sub(1), z2.add(1), 0.5, -0.3, 0.7).add(Math.log(0.6));
    return LogDensities.logAddExp(a, b);
  }

  private static NDArray symmetric(NDArray z1, NDArray z2) {
    NDArray a = normal(z1.sub(1), z2.sub(1), 0.45, 0, 0.45);
    NDArray b = normal(z1.add(1), z2.add(1), 0.45, 0, 0.45);
    return LogDensities.logAddExp(a, b).add(Math.log(0.5));
  }

  /** A normal density by distances from its mean and covariances. */
  private static NDArray normal(NDArray a, NDArray b, double c11, double c12, double c22) {
    double determinant = c11 * c22 - c12 * c12;
    NDArray square = a.square().mul(c22).sub(a.mul(b).mul(2 * c12)).add(b.square().mul(c11));
    double constant = Math.log(2 * Math.PI) + 0.5 * Math.log(determinant);
    return square.mul(-0.5 / determinant).sub(constant);
  }

  /** The second argument of eq. 85's normals is a variance: z2 has standard deviation 2. */
  private static NDArray banana(NDArray z1, NDArray z2) {
    return LogDensities.normal(z2, 0, 2).add(LogDensities.normal(z1, z2.square().div(4)));
  }

  private static NDArray circle(NDArray z1, NDArray z2) {
    return square(norm(z1, z2).sub(4), 0.4).mul(-0.5).add(sides(z1, 0.8, -0.2));
  }

  private static NDArray energy1(NDArray z1, NDArray z2) {
    return square(norm(z1, z2).sub(2), 0.4).mul(-0.5).add(sides(z1, 0.6, -0.5));
  }

  /** log of the sum of two bumps, at -2 and at 2. */
  private static NDArray sides(NDArray z1, double width, double factor) {
    return LogDensities.logAddExp(
        square(z1.sub(2), width).mul(factor), square(z1.add(2), width).mul(factor));
  }

  private static NDArray energy2(NDArray z1, NDArray z2) {
    return square(offset(z1, z2), 0.4).neg();
  }

  private static NDArray energy3(NDArray z1, NDArray z2) {
    NDArray bump = square(z1.sub(1), 0.6).mul(-0.5).exp().mul(3);
    return branches(offset(z1, z2), 0.35, bump);
  }

  private static NDArray energy4(NDArray z1, NDArray z2) {
    NDArray step = Ops.logSigmoid(z1.sub(1).div(0.3)).exp().mul(3);
    return branches(offset(z1, z2), 0.4, step);
  }

  private static NDArray branches(NDArray offset, double width, NDArray apart) {
    return LogDensities.logAddExp(
        square(offset, width).mul(-0.5), square(offset.add(apart), 0.35).mul(-0.5));
  }

  /** z2 - w1(z), eq. 88. */
  private static NDArray offset(NDArray z1, NDArray z2) {
    return z2.sub(z1.mul(Math.PI / 2).sin());
  }

  private static NDArray square(NDArray x, double width) {
    return x.div(width).square();
  }

  /** The distance from the origin, with a slope there. */
  private static NDArray norm(NDArray z1, NDArray z2) {
    return z1.square().add(z2.square()).add(1e-12).sqrt();
  }
}
