package org.thalweg.toolkit.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;

/**
 * Parameters that are independent of each other, one number each.
 *
 * @param names one for each parameter
 * @param marginals the distribution of each
 */
public record IndependentPrior(List<String> names, List<? extends Marginal> marginals)
    implements Prior {
  /** Copies; refuses lists that do not fit, and names that are taken twice. */
  public IndependentPrior {
    names = List.copyOf(names);
    marginals = List.copyOf(marginals);
    if (names.isEmpty() || names.size() != marginals.size()) {
      throw ThalwegException.usage(
          "A prior needs as many names as distributions and one at least, got %d and %d.",
          names.size(), marginals.size());
    }
    if (names.stream().distinct().count() < names.size()) {
      throw ThalwegException.usage("Two parameters share a name: %s.", names);
    }
  }

  /** One parameter. */
  public static IndependentPrior of(String name, Marginal marginal) {
    return new IndependentPrior(List.of(name), List.of(marginal));
  }

  /** Several parameters alike, called {@code name_1}, {@code name_2} and so on. */
  public static IndependentPrior repeated(String name, int count, Marginal marginal) {
    return new IndependentPrior(
        IntStream.rangeClosed(1, count).mapToObj(i -> name + "_" + i).toList(),
        IntStream.range(0, count).mapToObj(i -> marginal).toList());
  }

  /** The same with one more parameter. */
  public IndependentPrior and(String name, Marginal marginal) {
    List<String> moreNames = new ArrayList<>(names);
    moreNames.add(name);
    List<Marginal> more = new ArrayList<>(marginals);
    more.add(marginal);
    return new IndependentPrior(moreNames, more);
  }

  @Override
  public List<ParameterBlock> parameters() {
    return IntStream.range(0, names.size())
        .mapToObj(j -> new ParameterBlock(names.get(j), 1, marginals.get(j).support()))
        .toList();
  }

  @Override
  public Matrix sample(int n, Seed seed) {
    Matrix out = Matrix.zeros(n, names.size());
    for (int i = 0; i < n; i++) {
      RandomGenerator random = seed.child(i).generator();
      for (int j = 0; j < names.size(); j++) {
        out.values()[i * names.size() + j] = marginals.get(j).draw(random);
      }
    }
    return out;
  }

  @Override
  public double[] logDensity(Matrix parameters) {
    Widths.check(parameters, names.size());
    double[] out = new double[parameters.rows()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < names.size(); j++) {
        out[i] += marginals.get(j).logDensity(parameters.get(i, j));
      }
    }
    return out;
  }
}
