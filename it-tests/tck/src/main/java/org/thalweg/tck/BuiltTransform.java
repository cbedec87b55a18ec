package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.train.ParameterStore;

/** A transform with random parameters, as functions of plain numbers. */
record BuiltTransform(
    Engine engine,
    ParameterStore store,
    TrainableTransform transform,
    int dimensions,
    int contextSize) {
  enum Direction {
    FORWARD,
    INVERSE;

    Direction other() {
      return this == FORWARD ? INVERSE : FORWARD;
    }

    Mapped map(Transform transform, NDArray argument) {
      return this == FORWARD ? transform.forward(argument) : transform.inverse(argument);
    }
  }

  record Values(double[] value, double[] logAbsDet) {}

  static BuiltTransform of(
      Engine engine, Registry registry, Choice subject, int dimensions, int contextSize) {
    ParameterStore store = new ParameterStore(engine, new Seed(21));
    BuildContext context =
        new BuildContext(new Shape(dimensions), new Shape(contextSize), store, registry);
    TrainableTransform transform = Parts.transform(subject, context);
    double[] start = store.snapshot();
    double[] noise = Numbers.normal(22, start.length, 0.2);
    Arrays.setAll(start, i -> start[i] + noise[i]);
    store.restore(start);
    return new BuiltTransform(engine, store, transform, dimensions, contextSize);
  }

  boolean has(Direction direction) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Transform bound = given(tape, new double[contextSize], 1);
      Cost cost = direction == Direction.FORWARD ? bound.forwardCost() : bound.inverseCost();
      return cost != Cost.NONE;
    }
  }

  /** The set that a direction takes numbers of. */
  Support taken(Direction direction) {
    return direction == Direction.FORWARD ? transform.domain() : transform.codomain();
  }

  /** Maps rows, given {@code contexts} rows of context, each for equally many consecutive ones. */
  Values map(Direction direction, double[] x, double[] context, int contexts) {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Mapped mapped = map(tape, direction, x, context, contexts);
      return new Values(Numbers.of(engine, mapped.value()), Numbers.of(engine, mapped.logAbsDet()));
    }
  }

  private Mapped map(Tape tape, Direction direction, double[] x, double[] context, int contexts) {
    int rows = x.length / dimensions;
    NDArray argument = tape.constant(x, new Shape(rows, dimensions));
    Mapped mapped = direction.map(given(tape, context, contexts), argument);
    assertEquals(new Shape(rows, dimensions), mapped.value().getShape(), "value");
    assertEquals(new Shape(rows), mapped.logAbsDet().getShape(), "log |det|");
    return mapped;
  }

  private Transform given(Tape tape, double[] context, int contexts) {
    Context rows =
        contextSize == 0
            ? Context.none()
            : Context.of(tape.constant(context, new Shape(contexts, contextSize)));
    return transform.bind(Binding.evaluate(tape)).given(rows);
  }

  private static double loss(Values values, double[] weights) {
    return Numbers.dot(weights, Numbers.concat(values.value(), values.logAbsDet()));
  }

  /** The gradients of a weighted sum of values and log-determinants, a parameter each. */
  double[][] gradients(
      Direction direction, double[] x, double[] context, int contexts, double[] weights) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      Mapped mapped = map(tape, direction, x, context, contexts);
      NDArray u =
          tape.constant(Arrays.copyOfRange(weights, 0, x.length), mapped.value().getShape());
      NDArray v =
          tape.constant(
              Arrays.copyOfRange(weights, x.length, weights.length), mapped.logAbsDet().getShape());
      tape.backward(mapped.value().mul(u).sum().add(mapped.logAbsDet().mul(v).sum()));
      List<Parameter> parameters = store.trainable();
      double[][] out = new double[parameters.size()][];
      Arrays.setAll(out, k -> Numbers.of(engine, tape.gradient(parameters.get(k))));
      return out;
    }
  }

  /** A central difference of that sum in one element of a parameter. */
  double differenceOfLoss(
      Direction direction,
      double[] x,
      double[] context,
      int contexts,
      double[] weights,
      Parameter parameter,
      int element,
      double step) {
    double[] start = store.snapshot();
    try {
      return Numbers.difference(
          values -> {
            store.restore(values);
            return loss(map(direction, x, context, contexts), weights);
          },
          start,
          Math.toIntExact(parameter.offset()) + element,
          step);
    } finally {
      store.restore(start);
    }
  }
}
