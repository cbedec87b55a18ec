package org.thalweg.deconvolution;

import java.util.Arrays;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;

/**
 * EM with some rows at a time: their moments are mixed into those so far with a step of {@code (t +
 * 2)^-0.6}, and the mixture is that of the result (Cappe and Moulines, 2009, section 2.3).
 */
final class Online {
  private static final double EXPONENT = -0.6;

  private final Em train;
  private final XdGmmConfig config;
  private final Seed seed;

  Online(Em train, XdGmmConfig config, Seed seed) {
    this.train = train;
    this.config = config;
    this.seed = seed.child("online");
  }

  /** A pass over the rows; the mean log-density of the batches as they came. */
  double pass(XdState state, FitListener listener) {
    int[] order =
        Splitter.shuffled(
            train.blocks(), seed.child(state.size).child(state.stage).child(state.iteration));
    int together = Math.max(1, config.batchSize() / RowBlock.SIZE);
    double sum = 0;
    double rows = 0;
    for (int from = 0; from < order.length; from += together) {
      int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + together));
      Statistics fresh = train.statistics(state.current, some);
      if (fresh.rows == 0) {
        continue;
      }
      // A step that is a function of the place in the run, so that nothing else is remembered.
      long t =
          (long) state.iteration * ((order.length + together - 1) / together) + from / together;
      double step = Math.pow(t + 2, EXPONENT);
      Statistics.Moments moments = fresh.moments(state.current);
      Statistics.Moments mixed =
          t == 0 ? moments : Statistics.Moments.of(state.current).mixed(moments, step);
      // The mixture carries the ridge of the steps before: each adds its share only.
      double ridge = config.ridge() / train.rows() * mixed.rows() * (t == 0 ? 1 : step);
      state.current = mixed.maximised(ridge, state.current);
      sum += fresh.logLikelihood;
      rows += fresh.rows;
      state.steps++;
      listener.on(
          new FitEvent.Stepped(state.steps, state.iteration, -fresh.logLikelihood / fresh.rows));
    }
    return sum / rows;
  }
}
