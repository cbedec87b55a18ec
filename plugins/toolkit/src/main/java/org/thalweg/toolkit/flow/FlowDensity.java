package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.Flow;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Composed;
import org.thalweg.api.transform.ConditionalTransform;
import org.thalweg.api.transform.Cost;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.nn.Contexts;

/**
 * A normalising flow: the density of x where {@code f(x)} has the base's density,
 *
 * <pre>log p(x) = log base(f(x)) + log |det df/dx|</pre>
 *
 * (Rezende and Mohamed, 2015, eq. 5; Papamakarios and others, 2017, eq. 2). A context is embedded
 * once by each transform, and shared by its draws.
 */
public final class FlowDensity implements TrainableDensity {
  private final Shape eventShape;
  private final int contextSize;
  private final List<TrainableTransform> transforms;
  private final TrainableDensity base;

  /**
   * A flow.
   *
   * @param context what the parts were built from: the shapes of events and contexts
   * @param transforms at least one; the first is next to the data, the last next to the noise
   * @param base the density of noise
   */
  public FlowDensity(
      BuildContext context, List<? extends TrainableTransform> transforms, TrainableDensity base) {
    if (transforms.isEmpty()) {
      throw ThalwegException.usage("A flow needs at least one transform, got none.");
    }
    this.eventShape = context.eventShape();
    this.contextSize = context.contextSize();
    this.transforms = List.copyOf(transforms);
    this.base = base;
    for (int i = 0; i < transforms.size(); i++) {
      Support given = transforms.get(i).codomain();
      Support taken = i + 1 < transforms.size() ? transforms.get(i + 1).domain() : base.support();
      if (!given.equals(taken)) {
        throw ThalwegException.usage(
            "Transform %d of the flow maps onto %s, but %s takes %s.",
            i + 1, given, i + 1 < transforms.size() ? "the next one" : "the base", taken);
      }
    }
  }

  @Override
  public Support support() {
    return transforms.get(0).domain();
  }

  @Override
  public ConditionalDensity bind(Binding binding) {
    List<ConditionalTransform> bound = new ArrayList<>();
    for (int i = 0; i < transforms.size(); i++) {
      bound.add(transforms.get(i).bind(binding.child("transform" + i)));
    }
    ConditionalDensity boundBase = base.bind(binding.child("base"));
    return context -> given(bound, boundBase, context);
  }

  private Density given(
      List<ConditionalTransform> bound, ConditionalDensity boundBase, Context context) {
    Contexts.rows(context, contextSize);
    List<Transform> given = bound.stream().map(transform -> transform.given(context)).toList();
    return new Given(new Composed(given), boundBase.given(context), context);
  }

  private final class Given implements Flow {
    private final Transform transform;
    private final Density noise;
    private final Context context;

    private Given(Transform transform, Density noise, Context context) {
      this.transform = transform;
      this.noise = noise;
      this.context = context;
    }

    @Override
    public Transform transform() {
      return transform;
    }

    @Override
    public Density base() {
      return noise;
    }

    @Override
    public NDArray logDensity(NDArray x) {
      Events.check(x, eventShape);
      ContextBatch.requireMultiple(x, context);
      Mapped mapped = transform.forward(x);
      return noise.logDensity(mapped.value()).add(mapped.logAbsDet());
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      Draw draw = noise.sampleWithLogDensity(perContext, seed);
      Mapped mapped = transform.inverse(draw.value());
      return new Draw(mapped.value(), draw.logDensity().sub(mapped.logAbsDet()));
    }

    @Override
    public Cost densityCost() {
      return transform.forwardCost().and(noise.densityCost());
    }

    @Override
    public Cost sampleCost() {
      return transform.inverseCost().and(noise.sampleCost());
    }
  }
}
