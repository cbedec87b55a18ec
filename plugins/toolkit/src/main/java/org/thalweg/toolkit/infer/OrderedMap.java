package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.nn.Ops;

/**
 * Increasing numbers as the first one and the logarithms of the steps between them (Stan reference
 * manual, "Ordered vector"); of positive ones the first is a step from 0.
 */
record OrderedMap(int size, First first) implements BlockMap {
  private static final int[] NUMBERS = {1};

  /** What the first number may be. */
  enum First {
    ANY,
    POSITIVE
  }

  @Override
  public int reals() {
    return size;
  }

  @Override
  public double fromReals(double[] y, int from, double[] x, int to) {
    double logAbsDet = 0;
    double at = 0;
    for (int k = 0; k < size; k++) {
      if (k == 0 && first == First.ANY) {
        at = y[from];
      } else {
        double step = Ends.ofDouble().clip(y[from + k]);
        at = Math.max(at + Math.exp(step), Math.nextUp(at));
        logAbsDet += step;
      }
      x[to + k] = at;
    }
    return logAbsDet;
  }

  @Override
  public void toReals(double[] x, int from, double[] y, int to) {
    double tiny = Ends.ofDouble().tiny();
    for (int k = 0; k < size; k++) {
      double before = k == 0 ? 0 : x[from + k - 1];
      boolean free = k == 0 && first == First.ANY;
      y[to + k] = free ? x[from] : Math.log(Math.max(x[from + k] - before, tiny));
    }
  }

  @Override
  public boolean contains(double[] x, int from) {
    double before = first == First.POSITIVE ? 0 : Double.NEGATIVE_INFINITY;
    for (int k = 0; k < size; k++) {
      if (!(x[from + k] > before) || Double.isInfinite(x[from + k])) {
        return false;
      }
      before = x[from + k];
    }
    return true;
  }

  @Override
  public Mapped fromReals(NDArray y, NDArray earlier) {
    if (first == First.POSITIVE) {
      NDArray steps = Ends.of(y).clip(y);
      return new Mapped(steps.exp().cumSum(1), steps.sum(NUMBERS));
    }
    NDArray start = y.get(":, 0:1");
    if (size == 1) {
      return new Mapped(y, y.zerosLike().sum(NUMBERS));
    }
    NDArray steps = Ends.of(y).clip(y.get(":, 1:"));
    NDArray value = Ops.concat(new NDList(start, steps.exp()), 1).cumSum(1);
    return new Mapped(value, steps.sum(NUMBERS));
  }

  @Override
  public NDArray toReals(NDArray x, NDArray earlier) {
    NDArray start = x.get(":, 0:1");
    double tiny = Ends.of(x).tiny();
    NDArray begin = first == First.POSITIVE ? start.maximum(tiny).log() : start;
    if (size == 1) {
      return begin;
    }
    NDArray steps = x.get(":, 1:").sub(x.get(":, 0:-1")).maximum(tiny).log();
    return Ops.concat(new NDList(begin, steps), 1);
  }
}
