package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Support;

/** Independent numbers, uniform between two bounds; the same for every context. */
public final class UniformBase implements TrainableDensity {
  private final Shape eventShape;
  private final Support.Interval interval;

  /** The distribution of events of a shape. */
  public UniformBase(Shape eventShape, Support.Interval interval) {
    this.eventShape = eventShape;
    this.interval = interval;
  }

  @Override
  public Support support() {
    return interval;
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

    /** Minus infinity outside the box, where the density is 0. */
    @Override
    public NDArray logDensity(NDArray x) {
      Events.check(x, eventShape);
      int[] event = IntStream.rangeClosed(1, eventShape.dimension()).toArray();
      NDArray middle = x.sub((interval.low() + interval.high()) / 2).abs();
      double half = (interval.high() - interval.low()) / 2;
      // Bounds in single precision may lie a rounding outside.
      NDArray outside = middle.gt(half * (1 + 1e-6)).toType(x.getDataType(), false).sum(event);
      double inside = -eventShape.size() * Math.log(2 * half);
      NDArray constant = outside.mul(0).add(inside);
      return NDArrays.where(outside.gt(0), constant.add(Double.NEGATIVE_INFINITY), constant);
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      Shape batch = new Shape(contexts * perContext).addAll(eventShape);
      double[] values = new double[Math.toIntExact(batch.size())];
      SplittableRandom random = seed.generator();
      for (int i = 0; i < values.length; i++) {
        // Strictly inside, in single precision too.
        double share = (random.nextInt(1 << 23) + 0.5) * 0x1p-23;
        values[i] = interval.low() + (interval.high() - interval.low()) * share;
      }
      NDArray draws = tape.constant(values, batch);
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
