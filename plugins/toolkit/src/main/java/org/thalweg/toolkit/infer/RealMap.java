package org.thalweg.toolkit.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.nn.Ops;

/**
 * The map between constrained parameters and the reals, with its Jacobian: each block of {@code P}
 * numbers in all is a smooth function of {@code R} reals. A block may have fewer reals than
 * numbers: a simplex of K has K - 1, the Cholesky factor of a K x K correlation matrix K (K - 1) /
 * 2; its density is one of as many of its numbers.
 *
 * <p>Whatever the reals, the parameters are finite and inside their support, in single precision
 * too. So with y = {@code toReals(x)} a density q over the reals is, over the parameters,
 *
 * <pre>log p(x) = log q(y) - log |det dx/dy|</pre>
 *
 * <p>(Kucukelbir and others, 2017, "Automatic differentiation variational inference", section 2.3;
 * Stan reference manual, "Constraint transforms".)
 */
public final class RealMap {
  /**
   * Rows that were mapped in double precision.
   *
   * @param values {@code [N, P]} or {@code [N, R]}
   * @param logAbsDet {@code [N]}: the logarithm of the absolute Jacobian determinant of the
   *     direction that was taken, in nats
   */
  public record Points(Matrix values, double[] logAbsDet) {}

  private final List<ParameterBlock> blocks;
  private final List<BlockMap> maps = new ArrayList<>();
  private final int size;
  private final int reals;

  /**
   * The map of a problem's parameters.
   *
   * @throws ThalwegException where a block has fewer than one number, or a number that does not fit
   *     its support
   */
  public RealMap(List<ParameterBlock> blocks) {
    this.blocks = List.copyOf(blocks);
    int numbers = 0;
    int onTheLine = 0;
    for (ParameterBlock block : blocks) {
      if (block.size() < 1) {
        throw ThalwegException.usage(
            "Parameter '%s' has %d numbers, it needs at least 1.", block.name(), block.size());
      }
      BlockMap map = BlockMap.of(block);
      maps.add(map);
      numbers += block.size();
      onTheLine += map.reals();
    }
    size = numbers;
    reals = onTheLine;
  }

  /** P, the parameters' numbers. */
  public int size() {
    return size;
  }

  /** R, the reals that stand for them. */
  public int reals() {
    return reals;
  }

  /** Which of the R reals are the logit of a number's place between two ends. */
  public boolean[] logistic() {
    boolean[] out = new boolean[reals];
    int from = 0;
    for (BlockMap map : maps) {
      Arrays.fill(out, from, from + map.reals(), map.logistic());
      from += map.reals();
    }
    return out;
  }

  /**
   * Parameters of reals, to be differentiated.
   *
   * @param y {@code [N, R]}
   * @return {@code [N, P]}, and log |det dx/dy|
   */
  public Mapped fromReals(NDArray y) {
    require(y.getShape().get(1), reals, "reals");
    NDList parts = new NDList();
    NDArray earlier = nothing(y);
    NDArray logAbsDet = y.getManager().zeros(new Shape(y.getShape().get(0)), y.getDataType());
    int from = 0;
    for (BlockMap map : maps) {
      Mapped mapped = map.fromReals(columns(y, from, map.reals()), earlier);
      parts.add(mapped.value());
      earlier = Ops.concat(parts, 1);
      logAbsDet = logAbsDet.add(mapped.logAbsDet());
      from += map.reals();
    }
    return new Mapped(earlier, logAbsDet);
  }

  /**
   * Reals of parameters, to be differentiated. Parameters outside the support are not refused here:
   * ask {@link #contains}.
   *
   * @param x {@code [N, P]}
   * @return {@code [N, R]}, and log |det dy/dx|
   */
  public Mapped toReals(NDArray x) {
    require(x.getShape().get(1), size, "parameters");
    NDList parts = new NDList();
    int from = 0;
    for (int b = 0; b < maps.size(); b++) {
      int numbers = blocks.get(b).size();
      NDArray earlier = from == 0 ? nothing(x) : columns(x, 0, from);
      NDArray y = maps.get(b).toReals(columns(x, from, numbers), earlier);
      if (maps.get(b).reals() > 0) {
        parts.add(y);
      }
      from += numbers;
    }
    NDArray y = parts.isEmpty() ? nothing(x) : Ops.concat(parts, 1);
    return new Mapped(y, fromReals(y).logAbsDet().neg());
  }

  /** Parameters {@code [N, P]} of reals {@code [N, R]}, and log |det dx/dy|. */
  public Points fromReals(Matrix y) {
    require(y.columns(), reals, "reals");
    Matrix out = Matrix.zeros(y.rows(), size);
    double[] logAbsDet = new double[y.rows()];
    double[] x = new double[size];
    for (int i = 0; i < y.rows(); i++) {
      double[] row = y.row(i);
      int from = 0;
      int to = 0;
      for (int b = 0; b < maps.size(); b++) {
        logAbsDet[i] += maps.get(b).fromReals(row, from, x, to);
        from += maps.get(b).reals();
        to += blocks.get(b).size();
      }
      System.arraycopy(x, 0, out.values(), i * size, size);
    }
    return new Points(out, logAbsDet);
  }

  /**
   * Reals {@code [N, R]} of parameters {@code [N, P]}, and log |det dy/dx|. Parameters outside the
   * support are not refused here: ask {@link #contains}.
   */
  public Points toReals(Matrix x) {
    require(x.columns(), size, "parameters");
    Matrix out = Matrix.zeros(x.rows(), reals);
    double[] y = new double[reals];
    for (int i = 0; i < x.rows(); i++) {
      double[] row = x.row(i);
      int from = 0;
      int to = 0;
      for (int b = 0; b < maps.size(); b++) {
        maps.get(b).toReals(row, from, y, to);
        from += blocks.get(b).size();
        to += maps.get(b).reals();
      }
      System.arraycopy(y, 0, out.values(), i * reals, reals);
    }
    double[] logAbsDet = fromReals(out).logAbsDet();
    for (int i = 0; i < logAbsDet.length; i++) {
      logAbsDet[i] = -logAbsDet[i];
    }
    return new Points(out, logAbsDet);
  }

  /** Whether P numbers lie in the support, ends excluded. */
  public boolean contains(double[] parameters) {
    int from = 0;
    for (int b = 0; b < maps.size(); b++) {
      if (!maps.get(b).contains(parameters, from)) {
        return false;
      }
      from += blocks.get(b).size();
    }
    return true;
  }

  private static NDArray columns(NDArray array, int from, int count) {
    return array.get(":, %d:%d".formatted(from, from + count));
  }

  private static NDArray nothing(NDArray like) {
    Shape none = new Shape(like.getShape().get(0), 0);
    return like.getManager().zeros(none, like.getDataType());
  }

  private static void require(long columns, int wanted, String what) {
    if (columns != wanted) {
      throw ThalwegException.usage("Expected rows of %d %s, got %d.", wanted, what, columns);
    }
  }
}
