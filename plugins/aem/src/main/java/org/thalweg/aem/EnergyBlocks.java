package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;

/**
 * Energies of many points for a batch of conditionals, as numbers alone. They are computed in
 * blocks whose activations stay in the cache, and only a block's are held at a time.
 */
final class EnergyBlocks {
  private final Engine engine;
  private final AemNets nets;
  private final Conditionals conditionals;
  private final double[] parameters;

  EnergyBlocks(Engine engine, AemNets nets, Conditionals conditionals) {
    this.engine = engine;
    this.nets = nets;
    this.conditionals = conditionals;
    this.parameters = conditionals.numbers(engine);
  }

  /** The most points that a block has. */
  int most() {
    return nets.energy().rowsAtOnce(engine);
  }

  /** The proposals' parameters. */
  double[] parameters() {
    return parameters;
  }

  /**
   * What is known of points.
   *
   * @param energies the log-density up to the normaliser: the negative energies, on top of log q
   *     where they are so
   * @param logSampled the log-density of what importance samples are drawn from
   */
  record Values(double[] energies, double[] logSampled) {}

  /**
   * One block.
   *
   * @param from the first conditional
   * @param groups the number of conditionals
   * @param points {@code groups * k} numbers: K for each conditional
   */
  Values block(int from, int groups, double[] points) {
    int k = points.length / groups;
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = tape.constant(points, new Shape(groups, k));
      NDArray codes = part(tape, conditionals.codes(), from, groups);
      NDArray energies = nets.energy().bind(Binding.evaluate(tape)).apply(x, codes);
      NDArray logProposal =
          nets.proposal().logDensity(x, part(tape, conditionals.parameters(), from, groups));
      NDArray sampled = nets.proposal().logSampled(x, logProposal);
      if (nets.tilted()) {
        energies = energies.add(logProposal);
      }
      return new Values(
          engine.hostView(energies).toDoubles(), engine.hostView(sampled.add(0)).toDoubles());
    }
  }

  /** One point for each conditional. */
  Values atPoints(double[] points) {
    Values out = new Values(new double[points.length], new double[points.length]);
    for (int from = 0; from < points.length; from += most()) {
      int count = Math.min(most(), points.length - from);
      Values some = block(from, count, Arrays.copyOfRange(points, from, from + count));
      System.arraycopy(some.energies(), 0, out.energies(), from, count);
      System.arraycopy(some.logSampled(), 0, out.logSampled(), from, count);
    }
    return out;
  }

  private static NDArray part(Tape tape, NDArray rows, int from, int count) {
    NDArray part = rows.get(new NDIndex("{}:{}", from, from + count));
    part.attach(tape.manager());
    return part;
  }
}
