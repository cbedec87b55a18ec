package org.thalweg.toolkit.infer;

import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;

/**
 * Groups of parameters that are independent of each other.
 *
 * @param parts the priors of the groups, in order
 */
public record ProductPrior(List<? extends Prior> parts) implements Prior {
  /** Copies; refuses none at all. */
  public ProductPrior {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw ThalwegException.usage("A product of priors needs one at least.");
    }
  }

  @Override
  public List<ParameterBlock> parameters() {
    return parts.stream().flatMap(part -> part.parameters().stream()).toList();
  }

  @Override
  public Matrix sample(int n, Seed seed) {
    Matrix out = Matrix.zeros(n, size());
    int offset = 0;
    for (int p = 0; p < parts.size(); p++) {
      Matrix part = parts.get(p).sample(n, seed.child(p));
      for (int i = 0; i < n; i++) {
        System.arraycopy(
            part.values(),
            i * part.columns(),
            out.values(),
            i * out.columns() + offset,
            part.columns());
      }
      offset += part.columns();
    }
    return out;
  }

  @Override
  public double[] logDensity(Matrix parameters) {
    Widths.check(parameters, size());
    double[] out = new double[parameters.rows()];
    int offset = 0;
    for (Prior prior : parts) {
      int width = size(prior);
      Matrix part = Matrix.zeros(out.length, width);
      for (int i = 0; i < out.length; i++) {
        System.arraycopy(
            parameters.values(),
            i * parameters.columns() + offset,
            part.values(),
            i * width,
            width);
      }
      double[] logDensity = prior.logDensity(part);
      for (int i = 0; i < out.length; i++) {
        out[i] += logDensity[i];
      }
      offset += width;
    }
    return out;
  }

  private int size() {
    return size(this);
  }

  private static int size(Prior prior) {
    return prior.parameters().stream().mapToInt(ParameterBlock::size).sum();
  }
}
