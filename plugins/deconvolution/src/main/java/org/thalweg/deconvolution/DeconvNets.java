package org.thalweg.deconvolution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.train.ParameterStore;

/**
 * The three densities of a deconvolution, over standardised rows: of noise-free rows v, of noise,
 * and of the noise that a row w may have.
 *
 * <p>The recognition net draws u with v = w + L u, where L is the Cholesky factor of the row's
 * covariance. A fresh net therefore starts at the noise itself, whatever the row's errors, and in a
 * log-ratio |det L| cancels:
 *
 * <pre>log p_n(w - v) p(v) / q(v) = sum_j log p_e(-u_j) + log p(w + L u) - log q(u)</pre>
 *
 * where e are independent numbers of the density of noise, and j counts the observed features.
 */
record DeconvNets(
    int dimension,
    int contexts,
    TrainableDensity prior,
    TrainableDensity recognition,
    TrainableDensity noise) {

  /**
   * Builds the nets.
   *
   * @throws ThalwegException exit code 2 for a density that is not one over the line
   */
  static DeconvNets build(
      DeconvFlowConfig config,
      int dimension,
      int contexts,
      ParameterStore store,
      Registry registry) {
    Shape event = new Shape(dimension);
    TrainableDensity prior =
        Parts.density(
            config.prior(),
            new BuildContext(event, new Shape(contexts), store.child("prior"), registry));
    Shape condition = new Shape(NoisyBatch.conditionSize(dimension, contexts));
    TrainableDensity recognition =
        Parts.density(
            config.recognition(),
            new BuildContext(event, condition, store.child("recognition"), registry));
    TrainableDensity noise =
        Parts.density(
            config.noise(),
            new BuildContext(
                new Shape(1), new Shape(0), new Frozen(store.child("noise")), registry));
    requireLine("prior", config.prior().name(), prior);
    requireLine("recognition", config.recognition().name(), recognition);
    requireLine("noise", config.noise().name(), noise);
    return new DeconvNets(dimension, contexts, prior, recognition, noise);
  }

  private static void requireLine(String option, String name, TrainableDensity density) {
    if (!density.support().equals(Support.REAL)) {
      throw ThalwegException.usage(
          "'%s' takes a density over real numbers; '%s' is over %s.",
          option, name, density.support());
    }
  }

  /** The nets for a batch of rows, on the binding's tape. */
  Bound bind(Binding binding, NoisyBatch batch) {
    NoisyBatch.On rows = batch.on(binding.tape());
    return new Bound(
        this,
        batch.size(),
        rows,
        prior.bind(binding.child("prior")).given(rows.context()),
        recognition.bind(binding.child("recognition")).given(Context.of(rows.condition())),
        noise.bind(binding.child("noise")).given(Context.none()));
  }

  /** The prior alone, given the contexts of some rows, row-major. */
  Density priorGiven(Binding binding, double[] rows) {
    Context context =
        contexts == 0
            ? Context.none()
            : Context.of(
                binding.tape().constant(rows, new Shape(rows.length / contexts, contexts)));
    return prior.bind(binding.child("prior")).given(context);
  }

  /**
   * The nets for N rows.
   *
   * @param prior p(v), given the rows' contexts
   * @param recognition q(u), given the rows and their factors
   * @param noise of one number
   */
  record Bound(
      DeconvNets nets,
      int size,
      NoisyBatch.On rows,
      Density prior,
      Density recognition,
      Density noise) {
    /**
     * Draws with their weights.
     *
     * @param values v, {@code [N, K, D]}
     * @param logWeights log p_n(w - v) p(v) / q(v), {@code [N, K]}
     */
    record Weighted(NDArray values, NDArray logWeights) {}

    /**
     * Draws K noise-free rows a row. Of a mixture of proposals each gives its share of the draws,
     * and all are weighted by the mixture's density (Veach and Guibas, 1995, section 3.3).
     *
     * @param defensive the share of the draws that are the noise's, 0 to 1
     */
    Weighted draw(int k, double defensive, Seed seed) {
      int d = nets.dimension();
      int ofNoise = ofNoise(k, defensive);
      int ofNet = k - ofNoise;
      NDList parts = new NDList();
      NDList netDensity = new NDList();
      if (ofNet > 0) {
        Density.Draw drawn = recognition.sampleWithLogDensity(ofNet, seed.child("net"));
        parts.add(drawn.value().reshape(size, ofNet, d));
        netDensity.add(drawn.logDensity().reshape(size, ofNet));
      }
      if (ofNoise > 0) {
        NDArray u = noiseLike(ofNoise, seed.child("noise"));
        parts.add(u.reshape(size, ofNoise, d));
        if (ofNet > 0) {
          netDensity.add(recognition.logDensity(u).reshape(size, ofNoise));
        }
      }
      NDArray u = Ops.concat(parts, 1);
      NDArray each = noise.logDensity(u.neg().reshape((long) size * k * d, 1)).reshape(size, k, d);
      NDArray proposed =
          ofNet == 0
              ? each.sum(new int[] {2})
              : ofNoise == 0
                  ? Ops.concat(netDensity, 1)
                  : mixed(Ops.concat(netDensity, 1), each.sum(new int[] {2}), (double) ofNoise / k);
      NDArray v = rows.moved(u);
      NDArray latent = prior.logDensity(v.reshape((long) size * k, d)).reshape(size, k);
      NDArray weights = each.mul(rows.mask()).sum(new int[] {2}).add(latent).sub(proposed);
      return new Weighted(v, weights);
    }

    /** The nearest number, but some of each where there are two draws or more. */
    private static int ofNoise(int k, double defensive) {
      int nearest = (int) Math.round(defensive * k);
      return defensive > 0 && defensive < 1 && k > 1
          ? Math.min(k - 1, Math.max(1, nearest))
          : nearest;
    }

    /** What the net starts at: u of which the rows' errors are drawn, {@code [N * K, D]}. */
    NDArray noiseLike(int k, Seed seed) {
      int d = nets.dimension();
      return noise
          .sampleWithLogDensity(size * k * d, seed)
          .value()
          .reshape((long) size * k, d)
          .neg();
    }

    /** log((1 - share) exp(a) + share exp(b)). */
    private static NDArray mixed(NDArray a, NDArray b, double share) {
      NDArray first = a.add(Math.log1p(-share));
      NDArray second = b.add(Math.log(share));
      NDArray larger = first.maximum(second);
      return larger.add(Ops.softplus(first.sub(second).abs().neg()));
    }
  }

  /** log mean exp of log-weights {@code [N, K]} over the draws: {@code [N]}. */
  static NDArray logMean(NDArray logWeights) {
    return Ops.logSumExp(logWeights, 1).sub(Math.log(logWeights.getShape().get(1)));
  }
}
