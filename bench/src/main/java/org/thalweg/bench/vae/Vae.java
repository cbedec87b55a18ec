package org.thalweg.bench.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.ResidualNet;
import org.thalweg.toolkit.train.ParameterStore;

/**
 * A variational autoencoder of binary pixels (Kingma and Welling, 2014). An encoder gives a mean, a
 * width and a code; the posterior is {@code z = mean + width u}, where u has a registered density
 * given the code (Durkan and others, 2019, appendix B.2). The prior is a registered density, too.
 */
final class Vae {
  private static final NetSize SIZE = new NetSize(128, 1, 0);
  private static final int CODE = 16;

  private final int pixels;
  private final int latents;
  private final ResidualNet encoder;
  private final ResidualNet decoder;
  private final TrainableDensity posterior;
  private final TrainableDensity prior;

  /**
   * One with fresh parameters.
   *
   * @param latents the numbers that an image is encoded by
   * @param posterior of u, given the code
   * @param prior of z
   */
  Vae(
      ParameterStore store,
      Registry registry,
      int pixels,
      int latents,
      Choice posterior,
      Choice prior) {
    this.pixels = pixels;
    this.latents = latents;
    int outputs = 2 * latents + CODE;
    Head head = Head.usual(SIZE.hidden());
    encoder = new ResidualNet(store.child("encoder"), pixels, 0, SIZE, outputs, head);
    decoder = new ResidualNet(store.child("decoder"), latents, 0, SIZE, pixels, head);
    Shape z = new Shape(latents);
    this.posterior =
        Parts.density(
            posterior, new BuildContext(z, new Shape(CODE), store.child("posterior"), registry));
    this.prior =
        Parts.density(prior, new BuildContext(z, new Shape(0), store.child("prior"), registry));
  }

  /** How many numbers an image is encoded by. */
  int latents() {
    return latents;
  }

  /**
   * Draws of the posterior, K for each image, one after another.
   *
   * @param z {@code [N * K, latents]}
   * @param logPosterior log q(z | x), {@code [N * K]}
   * @param logPrior log p(z), {@code [N * K]}
   * @param logLikelihood log P(x | z), {@code [N * K]}
   */
  record Draws(NDArray z, NDArray logPosterior, NDArray logPrior, NDArray logLikelihood) {
    /** Its mean is the evidence lower bound; the divergence counts {@code beta} times. */
    NDArray bounds(double beta) {
      return logLikelihood.add(logPrior.sub(logPosterior).mul(beta));
    }
  }

  /**
   * Draws, differentiably in all parameters.
   *
   * @param images 0 and 1, {@code [N, pixels]}, row-major
   */
  Draws draw(Binding binding, double[] images, int each) {
    int n = images.length / pixels;
    NDArray x = binding.tape().constant(images, new Shape(n, pixels));
    NDArray encoded = encoder.bind(binding.child("encoder")).given(Optional.empty()).apply(x);
    NDArray mean = encoded.get(new NDIndex(":, 0:{}", latents));
    NDArray raw = encoded.get(new NDIndex(":, {}:{}", latents, 2 * latents));
    NDArray width = Ops.softplus(raw).add(1e-3);
    NDArray code = encoded.get(new NDIndex(":, {}:", 2 * latents));
    Density given = posterior.bind(binding.child("posterior")).given(Context.of(code));
    Density.Draw u = given.sampleWithLogDensity(each, binding.seed().child("u"));
    NDArray z = u.value().mul(repeated(width, each)).add(repeated(mean, each));
    NDArray logWidth = repeated(width.log().sum(new int[] {1}, true), each).squeeze(1);
    NDArray logPrior = prior.bind(binding.child("prior")).given(Context.none()).logDensity(z);
    NDArray logits = decoder.bind(binding.child("decoder")).given(Optional.empty()).apply(z);
    double[] signs = Arrays.stream(images).map(v -> 2 * v - 1).toArray();
    NDArray sign = repeated(binding.tape().constant(signs, new Shape(n, pixels)), each);
    NDArray logLikelihood = Ops.logSigmoid(logits.mul(sign)).sum(new int[] {1});
    return new Draws(z, u.logDensity().sub(logWidth), logPrior, logLikelihood);
  }

  /** Each row K times. */
  private static NDArray repeated(NDArray rows, int each) {
    long n = rows.getShape().get(0);
    long d = rows.getShape().get(1);
    return rows.expandDims(1).broadcast(new Shape(n, each, d)).reshape(new Shape(n * each, d));
  }
}
