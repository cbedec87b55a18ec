package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.nn.Contexts;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.ResidualNet;

/**
 * A net that makes features of a context, once for all parts of a density: a long context, such as
 * a simulator's raw output, becomes a few numbers that are learnt jointly.
 */
public final class ContextEmbedding {
  private final int contextSize;
  private final ResidualNet net;

  /**
   * A net.
   *
   * @param context where its parameters are declared, and the shape of contexts
   * @param size its layers
   * @param outputs the numbers that a context is mapped to
   * @throws ThalwegException where there is no context
   */
  public ContextEmbedding(BuildContext context, NetSize size, int outputs) {
    contextSize = context.contextSize();
    if (contextSize == 0) {
      throw ThalwegException.usage(
          "embedding = %d asks for a net on the context, and there is none: leave it out, or name "
              + "context columns.",
          outputs);
    }
    net =
        new ResidualNet(context.scope(), contextSize, 0, size, outputs, Head.usual(size.hidden()));
  }

  /** A density that is given what the net makes of its context. */
  public TrainableDensity before(TrainableDensity density) {
    return new Embedded(density);
  }

  private final class Embedded implements TrainableDensity {
    private final TrainableDensity density;

    private Embedded(TrainableDensity density) {
      this.density = density;
    }

    @Override
    public Support support() {
      return density.support();
    }

    @Override
    public ConditionalDensity bind(Binding binding) {
      ResidualNet.Bound bound = net.bind(binding.child("embedding"));
      ConditionalDensity inner = density.bind(binding);
      return context -> {
        NDArray rows = Contexts.rows(context, contextSize).orElseThrow();
        return inner.given(Context.of(bound.given(Optional.empty()).apply(rows)));
      };
    }
  }
}
