package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.ParameterStore;

/** The blockwise likelihood against one tape that holds everything, in double precision. */
class EnergyLikelihoodTest {
  /** Several blocks of conditionals, so that their gradients are put together. */
  private static final int ROWS = 500;

  private static final int D = 3;
  private static final int S = 7;
  private static final Seed SEED = new Seed(9);

  private ParameterStore store;
  private AemNets nets;
  private final double[] x = Machines.normal(ROWS * D, 1);
  private final double[] weights = new double[ROWS * D];

  EnergyLikelihoodTest() {
    SplittableRandom random = new SplittableRandom(2);
    Arrays.setAll(weights, i -> 0.5 + random.nextDouble());
  }

  private void build(boolean tilted) {
    store = Machines.store(Machines.DOUBLE);
    nets =
        Machines.nets(
            Machines.config("samples", S, "defensive", 0.1, "tilted", tilted), D, 0, store);
  }

  private Conditionals conditionals(Tape tape) {
    return nets.conditioner()
        .bind(new Binding(tape, Binding.Mode.TRAIN, SEED))
        .given(Optional.empty())
        .all(tape.constant(x, new Shape(ROWS, D)));
  }

  private NDArray blockwise(Tape tape) {
    return new EnergyLikelihood(nets, S).weightedSum(tape, conditionals(tape), x, weights, SEED);
  }

  /** The same samples, everything on one tape, and only the samples and their density constant. */
  private NDArray whole(Tape tape) {
    Conditionals conditionals = conditionals(tape);
    double[] parameters = conditionals.numbers(tape.engine());
    double[] drawn = new double[ROWS * D * (S + 1)];
    SplittableRandom random = SEED.child("samples").generator();
    for (int g = 0; g < x.length; g++) {
      drawn[g * (S + 1)] = x[g];
      nets.proposal().draw(parameters, g, random, drawn, g * (S + 1) + 1, S);
    }
    NDArray points = tape.constant(drawn, new Shape(ROWS * D, S + 1));
    NDArray energies =
        nets.energy()
            .bind(new Binding(tape, Binding.Mode.TRAIN, SEED))
            .apply(points, conditionals.codes());
    NDArray logProposal =
        nets.proposal().logDensity(points, conditionals.parameters()).stopGradient();
    NDArray sampled =
        nets.proposal()
            .logSampled(points.get(new NDIndex(":, 1:")), logProposal.get(new NDIndex(":, 1:")));
    if (nets.tilted()) {
      energies = energies.add(logProposal);
    }
    NDArray logZ =
        Ops.logSumExp(energies.get(new NDIndex(":, 1:")).sub(sampled), 1).sub(Math.log(S));
    return energies
        .get(new NDIndex(":, 0"))
        .sub(logZ)
        .mul(tape.constant(weights, new Shape(ROWS * D)))
        .sum();
  }

  /** The value, then the gradient of every parameter. */
  private List<double[]> differentiated(Function<Tape, NDArray> likelihood) {
    try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray value = likelihood.apply(tape);
      tape.backward(value);
      List<double[]> out = new ArrayList<>();
      out.add(tape.engine().hostView(value).toDoubles());
      for (Parameter p : store.trainable()) {
        out.add(tape.engine().hostView(tape.gradient(p)).toDoubles());
      }
      return out;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valueAndGradientsAreThoseOfOneTape(boolean tilted) {
    build(tilted);
    List<double[]> expected = differentiated(this::whole);
    List<double[]> actual = differentiated(this::blockwise);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), 1e-9, "part " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theProposalsHeadGetsNothing(boolean tilted) {
    build(tilted);
    int each = Machines.config().energy().codeSize() + nets.proposal().outputs();
    try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
      tape.backward(blockwise(tape));
      Parameter bias = parameter("masked.trunk.last.bias");
      double[] gradient = tape.engine().hostView(tape.gradient(bias)).toDoubles();
      for (int i = 0; i < gradient.length; i++) {
        boolean code = i % each < Machines.config().energy().codeSize();
        assertTrue(code ? gradient[i] != 0 : gradient[i] == 0, "bias " + i + ": " + gradient[i]);
      }
    }
  }

  /** Moves one weight of the energy net: samples do not depend on it, so that all is smooth. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsAreDifferences(boolean tilted) {
    build(tilted);
    for (String name : new String[] {"energy.first.weight", "energy.block0.second.bias"}) {
      Parameter parameter = parameter(name);
      double[] gradient;
      try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
        tape.backward(blockwise(tape));
        gradient = tape.engine().hostView(tape.gradient(parameter)).toDoubles();
      }
      double[] memory = store.snapshot();
      for (int i : new int[] {0, 5, 11}) {
        double step = 1e-5;
        double up = moved(memory, parameter, i, step);
        double down = moved(memory, parameter, i, -step);
        assertEquals((up - down) / (2 * step), gradient[i], 1e-5 * (1 + Math.abs(gradient[i])));
      }
    }
  }

  private double moved(double[] memory, Parameter parameter, int index, double step) {
    double[] other = memory.clone();
    other[Math.toIntExact(parameter.offset()) + index] += step;
    store.restore(other);
    try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      return tape.engine().hostView(whole(tape)).toDoubles()[0];
    } finally {
      store.restore(memory);
    }
  }

  private Parameter parameter(String name) {
    return store.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }
}
