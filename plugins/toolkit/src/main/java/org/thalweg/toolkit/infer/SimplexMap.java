package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.nn.Ops;

/**
 * Positive numbers with sum 1 as shares that are broken off a stick, one after another: number k is
 * the share {@code sigmoid(y_k - log(K - k))} of what is left, so that zeros are equal numbers
 * (Stan reference manual, "Unit simplex").
 */
record SimplexMap(int size) implements BlockMap {
  private static final int[] NUMBERS = {1};

  /** By how much a sum may miss 1. */
  private static final double TOLERANCE = 1e-6;

  @Override
  public int reals() {
    return size - 1;
  }

  /** What makes equal numbers of zeros. */
  private double offset(int k) {
    return Math.log(size - 1 - k);
  }

  @Override
  public double fromReals(double[] y, int from, double[] x, int to) {
    double least = Math.log(Ends.ofDouble().tiny());
    double logRest = 0;
    double logAbsDet = 0;
    for (int k = 0; k < size - 1; k++) {
      double at = y[from + k] - offset(k);
      double logShare = BoundedMap.logSigmoid(at);
      x[to + k] = Math.exp(Math.max(least, logRest + logShare));
      logAbsDet += logRest + logShare;
      logRest += BoundedMap.logSigmoid(-at);
      logAbsDet += BoundedMap.logSigmoid(-at);
    }
    x[to + size - 1] = Math.exp(Math.max(least, logRest));
    return logAbsDet;
  }

  @Override
  public void toReals(double[] x, int from, double[] y, int to) {
    double tiny = Ends.ofDouble().tiny();
    double after = x[from + size - 1];
    for (int k = size - 2; k >= 0; k--) {
      y[to + k] =
          Math.log(Math.max(x[from + k], tiny)) - Math.log(Math.max(after, tiny)) + offset(k);
      after += x[from + k];
    }
  }

  @Override
  public boolean contains(double[] x, int from) {
    double sum = 0;
    for (int k = 0; k < size; k++) {
      if (!(x[from + k] > 0)) {
        return false;
      }
      sum += x[from + k];
    }
    return Math.abs(sum - 1) < TOLERANCE;
  }

  @Override
  public Mapped fromReals(NDArray y, NDArray earlier) {
    if (size == 1) {
      NDArray one = y.getManager().ones(new Shape(y.getShape().get(0), 1), y.getDataType());
      return new Mapped(one, one.zerosLike().sum(NUMBERS));
    }
    NDArray at = y.sub(offsets(y));
    NDArray logShare = Ops.logSigmoid(at);
    NDArray rests = Ops.logSigmoid(at.neg()).cumSum(1);
    NDArray first = rests.get(":, 0:1").zerosLike();
    // What is left before each number, and after the last share.
    NDArray left = Ops.concat(new NDList(first, rests), 1);
    NDArray before = left.get(":, 0:-1");
    NDArray last = left.get(":, -1:");
    NDArray logs = Ops.concat(new NDList(before.add(logShare), last), 1);
    NDArray value = logs.maximum(Math.log(Ends.of(y).tiny())).exp();
    NDArray logAbsDet = before.add(logShare).add(Ops.logSigmoid(at.neg())).sum(NUMBERS);
    return new Mapped(value, logAbsDet);
  }

  @Override
  public NDArray toReals(NDArray x, NDArray earlier) {
    NDArray all = x.maximum(Ends.of(x).tiny());
    NDArray after = all.get(":, -1:");
    NDList out = new NDList();
    for (int k = size - 2; k >= 0; k--) {
      NDArray own = all.get(":, %d:%d".formatted(k, k + 1));
      out.add(0, own.log().sub(after.log()).add(offset(k)));
      after = after.add(own);
    }
    return out.isEmpty() ? x.get(":, 0:0") : Ops.concat(out, 1);
  }

  private NDArray offsets(NDArray like) {
    double[] offsets = IntStream.range(0, size - 1).mapToDouble(this::offset).toArray();
    return like.getManager().create(offsets).toType(like.getDataType(), false);
  }
}
