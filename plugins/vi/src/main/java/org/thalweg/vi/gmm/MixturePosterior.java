package org.thalweg.vi.gmm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.toolkit.infer.Special;

/**
 * q(pi) prod_k q(mu_k, Lambda_k): a Dirichlet distribution of the weights, and one Gauss-Wishart
 * distribution a component (eqs 42 and 43).
 *
 * @param alpha {@code [K]}
 * @param components K of them
 */
record MixturePosterior(double[] alpha, List<GaussWishart> components) {
  /** Copies. */
  MixturePosterior {
    components = List.copyOf(components);
  }

  int size() {
    return alpha.length;
  }

  int dimension() {
    return components.get(0).dimension;
  }

  /** The updates of eqs 42 and 44. */
  static MixturePosterior of(Statistics statistics, double concentration, GaussWishart prior) {
    List<Statistics.Component> rows = statistics.components();
    return new MixturePosterior(
        rows.stream().mapToDouble(r -> concentration + r.count()).toArray(),
        rows.stream().map(prior::after).toList());
  }

  /** KL to the priors, of the Dirichlet distribution and of all others, in nats. */
  double divergence(double concentration, GaussWishart prior) {
    double total = Arrays.stream(alpha).sum();
    int k = alpha.length;
    double out = Special.logGamma(total) - Special.logGamma(k * concentration);
    for (double a : alpha) {
      out += Special.logGamma(concentration) - Special.logGamma(a);
      out += (a - concentration) * (Special.digamma(a) - Special.digamma(total));
    }
    return out + components.stream().mapToDouble(c -> c.divergence(prior)).sum();
  }

  /** The part of log rho_nk that does not depend on the row (eq. 35). */
  double[] constants() {
    double[] out = new double[size()];
    double total = Special.digamma(Arrays.stream(alpha).sum());
    int d = dimension();
    for (int k = 0; k < out.length; k++) {
      GaussWishart c = components.get(k);
      out[k] =
          Special.digamma(alpha[k])
              - total
              + 0.5 * (c.expectedLogDeterminant() - d * Math.log(2 * Math.PI) - d / c.beta);
    }
    return out;
  }

  /** Without the components that fewer than so many rows belong to; the largest always stays. */
  MixturePosterior pruned(double concentration, double rows) {
    double most = Arrays.stream(alpha).max().orElseThrow();
    int[] kept =
        IntStream.range(0, size())
            .filter(k -> alpha[k] - concentration >= rows || alpha[k] == most)
            .toArray();
    return new MixturePosterior(
        Arrays.stream(kept).mapToDouble(k -> alpha[k]).toArray(),
        Arrays.stream(kept).mapToObj(components::get).toList());
  }

  void save(ModelWriter writer, String name) {
    int k = size();
    int d = dimension();
    double[] means = new double[k * d];
    double[] scales = new double[k * d * d];
    for (int i = 0; i < k; i++) {
      System.arraycopy(components.get(i).mean, 0, means, i * d, d);
      System.arraycopy(components.get(i).inverseScale, 0, scales, i * d * d, d * d);
    }
    writer.tensor(name + ".alpha", Tensor.of(alpha, k));
    writer.tensor(
        name + ".beta", Tensor.of(components.stream().mapToDouble(c -> c.beta).toArray(), k));
    writer.tensor(name + ".nu", Tensor.of(components.stream().mapToDouble(c -> c.nu).toArray(), k));
    writer.tensor(name + ".mean", Tensor.of(means, k, d));
    writer.tensor(name + ".inverse_scale", Tensor.of(scales, k, d, d));
  }

  /** As {@link #save} wrote it; refused where the numbers do not fit together. */
  static MixturePosterior load(ModelReader reader, String name, int d) {
    double[] alpha = reader.tensor(name + ".alpha").toDoubles();
    double[] beta = reader.tensor(name + ".beta").toDoubles();
    double[] nu = reader.tensor(name + ".nu").toDoubles();
    double[] means = reader.tensor(name + ".mean").toDoubles();
    double[] scales = reader.tensor(name + ".inverse_scale").toDoubles();
    int k = alpha.length;
    boolean fits =
        k > 0
            && beta.length == k
            && nu.length == k
            && means.length == k * d
            && scales.length == k * d * d
            && Stream.of(alpha, beta, nu, means, scales)
                .allMatch(array -> Arrays.stream(array).allMatch(Double::isFinite))
            && Arrays.stream(alpha).allMatch(a -> a > 0)
            && Arrays.stream(beta).allMatch(b -> b > 0)
            && Arrays.stream(nu).allMatch(n -> n > d - 1);
    if (!fits) {
      throw ThalwegException.data("The file holds no mixture of Gaussians in %d dimensions.", d);
    }
    List<GaussWishart> components = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      components.add(
          new GaussWishart(
              beta[i],
              nu[i],
              Arrays.copyOfRange(means, i * d, (i + 1) * d),
              Arrays.copyOfRange(scales, i * d * d, (i + 1) * d * d)));
    }
    return new MixturePosterior(alpha, components);
  }
}
