package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.nn.Ops;

/**
 * Lower Cholesky factors of K x K correlation matrices: each row has length 1, and the numbers
 * before its diagonal are canonical partial correlations {@code tanh(y)} of what is left of that
 * length (Lewandowski, Kurowicka and Joe, 2009, section 2; Stan reference manual, "Cholesky factors
 * of correlation matrices"). The reals go row by row.
 */
record CorrelationMap(int order) implements BlockMap {
  private static final double TOLERANCE = 1e-6;

  static CorrelationMap of(ParameterBlock block) {
    int order = (int) Math.round(Math.sqrt(block.size()));
    if (order * order != block.size()) {
      throw ThalwegException.usage(
          "Parameter '%s' is a Cholesky factor of a correlation matrix: it needs K * K numbers, "
              + "has %d.",
          block.name(), block.size());
    }
    return new CorrelationMap(order);
  }

  @Override
  public int reals() {
    return order * (order - 1) / 2;
  }

  @Override
  public double fromReals(double[] y, int from, double[] x, int to) {
    double logAbsDet = 0;
    int next = from;
    for (int i = 0; i < order; i++) {
      double logLeft = 0;
      for (int j = 0; j < order; j++) {
        double value = 0;
        if (j < i) {
          double at = y[next++];
          value = Math.tanh(at) * Math.exp(0.5 * logLeft);
          double logRest = logRest(at);
          logAbsDet += logRest + 0.5 * logLeft;
          logLeft += logRest;
        } else if (j == i) {
          value = Math.max(Math.exp(0.5 * logLeft), Ends.ofDouble().tiny());
        }
        x[to + i * order + j] = value;
      }
    }
    return logAbsDet;
  }

  /** log(1 - tanh(y)^2). */
  private static double logRest(double y) {
    return Math.log(4) + BoundedMap.logSigmoid(2 * y) + BoundedMap.logSigmoid(-2 * y);
  }

  @Override
  public void toReals(double[] x, int from, double[] y, int to) {
    int row = to;
    for (int i = 0; i < order; i++) {
      double after = x[from + i * order + i];
      double square = after * after;
      for (int j = i - 1; j >= 0; j--) {
        double value = x[from + i * order + j];
        double ratio = value / Math.max(Math.sqrt(square), Ends.ofDouble().tiny());
        // asinh without its cancellation on the negative side.
        double size = Math.log(Math.abs(ratio) + Math.hypot(ratio, 1));
        y[row + j] = Math.copySign(size, ratio);
        square += value * value;
      }
      row += i;
    }
  }

  @Override
  public boolean contains(double[] x, int from) {
    for (int i = 0; i < order; i++) {
      double square = 0;
      for (int j = 0; j < order; j++) {
        double value = x[from + i * order + j];
        if (j > i && value != 0) {
          return false;
        }
        square += value * value;
      }
      if (!(x[from + i * order + i] > 0) || !(Math.abs(square - 1) < TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Mapped fromReals(NDArray y, NDArray earlier) {
    NDArray ones = earlier.getManager().ones(batch(y), y.getDataType());
    NDArray zeros = ones.zerosLike();
    NDArray logAbsDet = zeros;
    NDList out = new NDList();
    int next = 0;
    for (int i = 0; i < order; i++) {
      NDArray logLeft = zeros;
      for (int j = 0; j < order; j++) {
        if (j < i) {
          NDArray at = column(y, next++);
          NDArray twice = at.mul(2);
          NDArray logRest = Ops.logSigmoid(twice).add(Ops.logSigmoid(twice.neg())).add(Math.log(4));
          out.add(at.tanh().mul(logLeft.mul(0.5).exp()));
          logAbsDet = logAbsDet.add(logRest).add(logLeft.mul(0.5));
          logLeft = logLeft.add(logRest);
        } else {
          double least = Math.log(Ends.of(y).tiny());
          out.add(j == i ? logLeft.mul(0.5).maximum(least).exp() : zeros);
        }
      }
    }
    return new Mapped(Ops.concat(out, 1), logAbsDet.squeeze(1));
  }

  @Override
  public NDArray toReals(NDArray x, NDArray earlier) {
    double tiny = Ends.of(x).tiny();
    NDList out = new NDList();
    for (int i = 1; i < order; i++) {
      int row = out.size();
      NDArray square = column(x, i * order + i).square();
      for (int j = i - 1; j >= 0; j--) {
        NDArray value = column(x, i * order + j);
        NDArray ratio = value.div(square.sqrt().maximum(Math.sqrt(tiny)));
        NDArray size = ratio.abs().add(ratio.square().add(1).sqrt()).log();
        out.add(row, size.mul(ratio.sign()));
        square = square.add(value.square());
      }
    }
    return out.isEmpty() ? x.get(":, 0:0") : Ops.concat(out, 1);
  }

  private static Shape batch(NDArray y) {
    return new Shape(y.getShape().get(0), 1);
  }

  private static NDArray column(NDArray array, int index) {
    return array.get(":, %d:%d".formatted(index, index + 1));
  }
}
