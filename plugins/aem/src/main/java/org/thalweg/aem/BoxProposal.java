package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/**
 * A fixed interval for each column, as in the paper's checkerboard (Durkan and Nash, 2019, appendix
 * B). The parameters of a conditional are the interval's ends.
 */
final class BoxProposal implements Proposal {
  private final Parameter box;

  /**
   * A box.
   *
   * @param box {@code [D, 2]}: the ends of each column's interval
   */
  BoxProposal(Parameter box) {
    this.box = box;
  }

  @Override
  public int outputs() {
    return 0;
  }

  @Override
  public double[] start() {
    return new double[0];
  }

  @Override
  public NDArray parameters(Tape tape, NDArray outputs) {
    long rows = outputs.getShape().get(0);
    NDArray ends = tape.parameter(box);
    return ends.expandDims(0)
        .broadcast(new Shape(rows).addAll(box.shape()))
        .reshape(new Shape(-1, 2));
  }

  @Override
  public NDArray parameters(Tape tape, NDArray outputs, int column) {
    NDArray ends = tape.parameter(box).get(new NDIndex("{}:{}", column, column + 1));
    return ends.broadcast(new Shape(outputs.getShape().get(0), 2));
  }

  @Override
  public NDArray logDensity(NDArray points, NDArray parameters) {
    NDArray low = parameters.get(new NDIndex(":, 0:1"));
    NDArray high = parameters.get(new NDIndex(":, 1:2"));
    return high.sub(low).log().neg().broadcast(points.getShape());
  }

  @Override
  public NDArray logSampled(NDArray points, NDArray logDensity) {
    return logDensity;
  }

  @Override
  public void draw(
      double[] parameters, int group, SplittableRandom random, double[] out, int from, int count) {
    double low = parameters[2 * group];
    double width = parameters[2 * group + 1] - low;
    for (int i = from; i < from + count; i++) {
      out[i] = low + width * random.nextDouble();
    }
  }

  @Override
  public double[] reach(double[] parameters, int group) {
    return new double[] {parameters[2 * group], parameters[2 * group + 1]};
  }

  @Override
  public double[] details(double[] parameters, int group) {
    return new double[0];
  }
}
