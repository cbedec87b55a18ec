package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.nn.Draws;
import org.thalweg.toolkit.nn.Ops;

/** Independent standard normal numbers; the same for every context. */
public final class StandardNormal implements TrainableDensity {
  private final Shape eventShape;

  /** The distribution of events of a shape. */
  public StandardNormal(Shape eventShape) {
    this.eventShape = eventShape;
  }

  @Override
  public ConditionalDensity bind(Binding binding) {
    return context -> new Bound(binding.tape(), ContextBatch.size(context));
  }

  private final class Bound implements Density {
    private final Tape tape;
    private final long contexts;

    private Bound(Tape tape, long contexts) {
      this.tape = tape;
      this.contexts = contexts;
    }

    @Override
    public NDArray logDensity(NDArray x) {
      Events.check(x, eventShape);
      int[] event = IntStream.rangeClosed(1, eventShape.dimension()).toArray();
      double constant = -0.5 * eventShape.size() * Math.log(2 * Math.PI);
      return x.square().sum(event).mul(Ops.number(x, -0.5)).add(Ops.number(x, constant));
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      Shape batch = new Shape(contexts * perContext).addAll(eventShape);
      NDArray draws = Draws.normal(tape, seed, batch);
      return new Draw(draws, logDensity(draws));
    }

    @Override
    public Cost densityCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost sampleCost() {
      return Cost.ONE_PASS;
    }
  }
}
