package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.toolkit.nn.ResidualNet;

/** What is learnt: a number for a point and an observation, whose meaning differs by method. */
sealed interface Net {
  /**
   * Scores of pairs.
   *
   * @param points {@code [N * K, P]}: K consecutive ones for each observation
   * @param observations {@code [N, X]}, scaled
   * @return {@code [N * K]}, in nats
   */
  NDArray score(Binding binding, NDArray points, NDArray observations);

  /** log q(z | x): the density of a point given the observation. */
  record OfPosterior(TrainableDensity density) implements Net {
    @Override
    public NDArray score(Binding binding, NDArray points, NDArray observations) {
      return density.bind(binding).given(Context.of(observations)).logDensity(points);
    }
  }

  /** log q(x | z): the density of the observation given a point. */
  record OfLikelihood(TrainableDensity density) implements Net {
    @Override
    public NDArray score(Binding binding, NDArray points, NDArray observations) {
      return density
          .bind(binding)
          .given(Context.of(points))
          .logDensity(repeated(points, observations));
    }
  }

  /**
   * f(z, x): the log of likelihood over evidence, up to a function of x where it was learnt from
   * sets.
   *
   * @param net of a point and what is known of the observation, side by side
   * @param embedding what is made of the observation before; absent, it is taken as it is
   */
  record OfRatio(ResidualNet net, Optional<ResidualNet> embedding) implements Net {
    @Override
    public NDArray score(Binding binding, NDArray points, NDArray observations) {
      NDArray seen =
          embedding
              .map(
                  e ->
                      e.bind(binding.child("embedding"))
                          .given(Optional.empty())
                          .apply(observations))
              .orElse(observations);
      NDArray pairs = points.concat(repeated(points, seen), 1);
      return net.bind(binding).given(Optional.empty()).apply(pairs).squeeze(1);
    }
  }

  /** A likelihood or a ratio, which sees features of the points. */
  record OfFeatures(PointFeatures features, Net net) implements Net {
    @Override
    public NDArray score(Binding binding, NDArray points, NDArray observations) {
      return net.score(binding, features.of(binding.tape(), points), observations);
    }
  }

  private static NDArray repeated(NDArray points, NDArray observations) {
    long times = points.getShape().get(0) / observations.getShape().get(0);
    return times == 1 ? observations : observations.repeat(0, times);
  }
}
