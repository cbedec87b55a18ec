package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.Optional;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Bound;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.nn.Ops;

/**
 * Numbers with a lower end, an upper end, both or none: {@code low + exp(y)}, {@code high -
 * exp(y)}, {@code low + (high - low) / (1 + exp(-y))}, y (Kucukelbir and others, 2017, "Automatic
 * differentiation variational inference", section 2.3). A number never equals its end, also where
 * its type cannot tell them apart.
 */
record BoundedMap(int size, Optional<Bound> low, Optional<Bound> high) implements BlockMap {
  private static final int[] NUMBERS = {1};

  static BoundedMap of(ParameterBlock block) {
    Support support = block.support();
    Optional<Bound> low = Optional.empty();
    Optional<Bound> high = Optional.empty();
    if (support instanceof Support.Above above) {
      low = Optional.of(Bound.constant(above.low()));
    } else if (support instanceof Support.Below below) {
      high = Optional.of(Bound.constant(below.high()));
    } else if (support instanceof Support.Interval interval) {
      low = Optional.of(Bound.constant(interval.low()));
      high = Optional.of(Bound.constant(interval.high()));
    } else if (support instanceof Support.Dependent dependent) {
      low = dependent.low();
      high = dependent.high();
    }
    return new BoundedMap(block.size(), low, high);
  }

  @Override
  public int reals() {
    return size;
  }

  @Override
  public boolean logistic() {
    return low.isPresent() && high.isPresent();
  }

  @Override
  public double fromReals(double[] y, int from, double[] x, int to) {
    Ends ends = Ends.ofDouble();
    double least = low.map(bound -> bound.at(x)).orElse(Double.NEGATIVE_INFINITY);
    double most = high.map(bound -> bound.at(x)).orElse(Double.POSITIVE_INFINITY);
    double logAbsDet = 0;
    for (int i = 0; i < size; i++) {
      double at = y[from + i];
      double within = ends.clip(at);
      double value;
      if (low.isPresent() && high.isPresent()) {
        double width = most - least;
        double below = Math.exp(logSigmoid(at)) * width;
        double above = Math.exp(logSigmoid(-at)) * width;
        value = at < 0 ? least + below : most - above;
        logAbsDet += logSigmoid(at) + logSigmoid(-at) + Math.log(width);
      } else if (low.isPresent()) {
        value = least + Math.exp(within);
        logAbsDet += within;
      } else if (high.isPresent()) {
        value = most - Math.exp(within);
        logAbsDet += within;
      } else {
        value = at;
      }
      value = low.isPresent() ? Math.max(value, least + ends.gap(least)) : value;
      x[to + i] = high.isPresent() ? Math.min(value, most - ends.gap(most)) : value;
    }
    return logAbsDet;
  }

  @Override
  public void toReals(double[] x, int from, double[] y, int to) {
    Ends ends = Ends.ofDouble();
    double least = low.map(bound -> bound.at(x)).orElse(Double.NEGATIVE_INFINITY);
    double most = high.map(bound -> bound.at(x)).orElse(Double.POSITIVE_INFINITY);
    for (int i = 0; i < size; i++) {
      double value = x[from + i];
      double below = Math.log(Math.max(value - least, ends.tiny()));
      double above = Math.log(Math.max(most - value, ends.tiny()));
      if (low.isPresent() && high.isPresent()) {
        y[to + i] = below - above;
      } else if (low.isPresent()) {
        y[to + i] = below;
      } else {
        y[to + i] = high.isPresent() ? above : value;
      }
    }
  }

  @Override
  public boolean contains(double[] x, int from) {
    for (int i = 0; i < size; i++) {
      double value = x[from + i];
      boolean inside =
          Double.isFinite(value)
              && low.map(bound -> value > bound.at(x)).orElse(true)
              && high.map(bound -> value < bound.at(x)).orElse(true);
      if (!inside) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Mapped fromReals(NDArray y, NDArray earlier) {
    if (low.isEmpty() && high.isEmpty()) {
      return new Mapped(y, y.zerosLike().sum(NUMBERS));
    }
    Ends ends = Ends.of(y);
    NDArray within = ends.clip(y);
    if (high.isEmpty()) {
      NDArray least = low.get().at(earlier);
      NDArray value = within.exp().add(least).maximum(least.add(ends.gap(least)));
      return new Mapped(value, within.sum(NUMBERS));
    }
    NDArray most = high.get().at(earlier);
    NDArray last = most.sub(ends.gap(most));
    if (low.isEmpty()) {
      return new Mapped(most.sub(within.exp()).minimum(last), within.sum(NUMBERS));
    }
    NDArray least = low.get().at(earlier);
    NDArray width = most.sub(least);
    NDArray below = Ops.logSigmoid(y);
    NDArray above = Ops.logSigmoid(y.neg());
    // Each half counts from its own end, so that digits of a small distance are kept.
    NDArray value =
        NDArrays.where(
            y.lt(0), least.add(below.exp().mul(width)), most.sub(above.exp().mul(width)));
    return new Mapped(
        value.maximum(least.add(ends.gap(least))).minimum(last),
        below.add(above).add(width.log()).sum(NUMBERS));
  }

  @Override
  public NDArray toReals(NDArray x, NDArray earlier) {
    double tiny = Ends.of(x).tiny();
    if (low.isEmpty() && high.isEmpty()) {
      return x;
    }
    if (high.isEmpty()) {
      return x.sub(low.get().at(earlier)).maximum(tiny).log();
    }
    NDArray above = high.get().at(earlier).sub(x).maximum(tiny).log();
    return low.isEmpty() ? above : x.sub(low.get().at(earlier)).maximum(tiny).log().sub(above);
  }

  static double logSigmoid(double y) {
    return y < 0 ? y - Math.log1p(Math.exp(y)) : -Math.log1p(Math.exp(-y));
  }
}
