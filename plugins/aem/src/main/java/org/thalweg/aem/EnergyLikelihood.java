package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Ops;

/**
 * The first half of the training objective, log p as estimated with S samples, with its gradient
 * (Durkan and Nash, 2019, eqs. 9 and 10). Nothing flows back through the samples, nor through the
 * proposal's density, of samples or under the energy: the proposal is fitted by its own likelihood
 * alone.
 *
 * <p>The S + 1 energies of each conditional are nearly all of a step's work. They are computed on
 * tapes of their own, a block of conditionals at a time, forward and back while the activations are
 * in the cache; what a block gives back is the gradient of the energy net and of the codes.
 */
final class EnergyLikelihood {
  /** All but a conditional's own point. */
  private static final NDIndex SAMPLES = new NDIndex(":, 1:");

  private final AemNets nets;
  private final int samples;

  EnergyLikelihood(AemNets nets, int samples) {
    this.nets = nets;
    this.samples = samples;
  }

  /**
   * The weighted sum of log p over conditionals.
   *
   * @param points the value of each conditional
   * @param weights how much each counts
   * @param seed the origin of the samples, and of what is dropped
   * @return a scalar on the tape, in nats
   */
  NDArray weightedSum(
      Tape tape, Conditionals conditionals, double[] points, double[] weights, Seed seed) {
    Engine engine = tape.engine();
    double[] drawn = draw(conditionals.numbers(engine), points, seed.child("samples"));
    int atOnce = Math.max(1, nets.energy().rowsAtOnce(engine) / (samples + 1));
    List<NDArray> gradients = new ArrayList<>();
    List<NDArray> ofCodes = new ArrayList<>();
    NDArray value = Ops.number(conditionals.codes(), 0);
    for (int from = 0; from < points.length; from += atOnce) {
      int to = Math.min(points.length, from + atOnce);
      double[] some = Arrays.copyOfRange(drawn, from * (samples + 1), to * (samples + 1));
      double[] counts = Arrays.copyOfRange(weights, from, to);
      NDArray part =
          block(tape, conditionals, from, some, counts, seed.child(from), gradients, ofCodes);
      value = value.add(part);
    }
    return Differential.scalar(value)
        .with(conditionals.codes(), concat(ofCodes))
        .with(tape, nets.ofEnergy(), gradients)
        .sum();
  }

  /** Each conditional's own point, and S samples of its proposal. */
  private double[] draw(double[] parameters, double[] points, Seed seed) {
    double[] out = new double[points.length * (samples + 1)];
    SplittableRandom random = seed.generator();
    for (int g = 0; g < points.length; g++) {
      int at = g * (samples + 1);
      out[at] = points[g];
      nets.proposal().draw(parameters, g, random, out, at + 1, samples);
    }
    return out;
  }

  private NDArray block(
      Tape outer,
      Conditionals conditionals,
      int from,
      double[] drawn,
      double[] weights,
      Seed seed,
      List<NDArray> gradients,
      List<NDArray> ofCodes) {
    int groups = weights.length;
    NDIndex rows = new NDIndex("{}:{}", from, from + groups);
    Engine engine = outer.engine();
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray codes = tape.variable(conditionals.codes().get(rows));
      NDArray parameters = conditionals.parameters().get(rows).stopGradient();
      NDArray points = tape.constant(drawn, new Shape(groups, samples + 1));
      NDArray samplePoints = points.get(SAMPLES);
      NDArray logProposal =
          nets.proposal().logDensity(nets.tilted() ? points : samplePoints, parameters);
      NDArray ofSamples = nets.tilted() ? logProposal.get(SAMPLES) : logProposal;
      NDArray sampled = nets.proposal().logSampled(samplePoints, ofSamples);
      Binding binding = new Binding(tape, Binding.Mode.TRAIN, seed);
      NDArray energies = nets.energy().bind(binding).apply(points, codes);
      if (nets.tilted()) {
        energies = energies.add(logProposal);
      }
      NDArray logWeights = energies.get(SAMPLES).sub(sampled);
      NDArray logZ = Ops.logSumExp(logWeights, 1).sub(Ops.number(points, Math.log(samples)));
      NDArray logDensity = energies.get(new NDIndex(":, 0")).sub(logZ);
      NDArray sum = logDensity.mul(tape.constant(weights, new Shape(groups))).sum();
      tape.backward(sum);
      NDArray ofCode = tape.gradient(codes);
      ofCode.attach(outer.manager());
      ofCodes.add(ofCode);
      accumulate(outer, tape, gradients);
      NDArray value = sum.stopGradient();
      value.attach(outer.manager());
      return value;
    }
  }

  private void accumulate(Tape outer, Tape tape, List<NDArray> gradients) {
    boolean first = gradients.isEmpty();
    for (int i = 0; i < nets.ofEnergy().size(); i++) {
      Parameter parameter = nets.ofEnergy().get(i);
      NDArray gradient = tape.gradient(parameter);
      if (first) {
        gradient.attach(outer.manager());
        gradients.add(gradient);
      } else {
        gradients.get(i).addi(gradient);
      }
    }
  }

  private static NDArray concat(List<NDArray> parts) {
    return Ops.concat(new NDList(parts.toArray(NDArray[]::new)), 0);
  }
}
